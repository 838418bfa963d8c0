package io.g2cache.spi;

/** Opens local tiers by cache name. Thread-safe. */
public interface LocalCacheProvider extends AutoCloseable {
    /** Short name for logs and statistics, such as {@code on-heap}. */
    String name();

    /**
     * Opens the tier of a cache. A cache is opened once at a time.
     *
     * @throws io.g2cache.TierException if the tier cannot be opened; the message names what is missing
     */
    <K, V> LocalCache<K, V> open(LocalContext<K, V> context);

    /** Releases what is shared between the tiers. Idempotent. */
    @Override
    void close();
}
