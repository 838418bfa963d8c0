package io.g2cache.spi;

/** Opens out tiers by cache name. Thread-safe. */
public interface OutCacheProvider extends AutoCloseable {
    /** Short name for logs and statistics, such as {@code hazelcast}. */
    String name();

    /**
     * Opens the tier of a cache; may be called for a cache that no code on this node uses, by the materialiser.
     *
     * @throws io.g2cache.TierException if the tier refuses the cache; a tier that is merely unreachable opens, and its
     *     calls fail until it is reachable
     */
    OutCache open(OutContext context);

    /**
     * Opens the ledger of a deployment, and tells the listener from now on of every event after which entries may be lost or
     * resurrected, until the ledger is closed. Called once for each node.
     *
     * @param context as for a cache; the name of the cache is empty
     * @throws io.g2cache.TierException if the tier refuses; one that is merely unreachable opens
     */
    OutLedger ledger(OutContext context, OutDoubts doubts);

    /**
     * Whether so many calls have failed or were slow that caches do not call the tier for now, but for a probe from time to
     * time. Stays so until a probe has found it back. Does not block.
     */
    default boolean isAway() {
        return false;
    }

    /** Closes the connections that this provider opened itself. Idempotent. */
    @Override
    void close();
}
