package io.g2cache;

import io.g2cache.audit.AuditView;
import java.time.Duration;
import java.util.Collection;

/**
 * One JVM's part of the cache: owns the connections and threads, and opens named caches. Thread-safe.
 */
public interface G2Node extends AutoCloseable {
    /** A builder of a node; without any module it is an in-process cache. */
    static G2NodeBuilder builder() {
        return new G2NodeBuilder();
    }

    /** Random id of this node, the origin of its events. */
    String id();

    /**
     * Opens a cache, or returns the open one if it was opened with the very same specification object.
     *
     * <p>Where the local tier has kept entries from before a restart, the call blocks while the log's events since are
     * replayed, at most for the node's start timeout, and before that while the tier reads its files; what is left then goes on
     * behind the callers' backs. With {@link CacheSpec#serveWhileCatchingUp()}, or a node that was built without waiting, it does
     * not block for the replay. A tier that cannot be brought up to date starts empty, which is counted ({@code cold_start}) and
     * logged. No other cache can be opened while files are read; replays go on side by side.
     *
     * <p>While a cache of the name is being {@linkplain G2Cache#close(Duration) closed}, the call waits until it is.
     *
     * @throws IllegalStateException if the name is open with another specification, or the specification queues writes and
     *     the node has no queue
     * @throws InvalidLifetimeException if the specification's maximum lifetime is above the node's
     * @throws TierException if a tier cannot be opened, or another thread has opened or closed the cache for more than twice the
     *     start timeout
     * @throws NodeClosedException if the node is closed, or closes meanwhile
     * @throws CacheClosedException if another thread closes the cache meanwhile
     */
    <K, V> G2Cache<K, V> cache(CacheSpec<K, V> spec);

    /** The open caches; one that is being opened or has just been closed may be among them. */
    Collection<G2Cache<?, ?>> caches();

    /** What waits in the queue for writes, and what it has done; nothing where the node has none. */
    WriteQueueStatus writeQueue();

    /** State and lag. */
    NodeStatus status();

    /**
     * Waits until this node has applied the write that the token proves.
     *
     * @throws IllegalArgumentException if the token is of another generation of the log, or its generation ends meanwhile
     * @throws SyncLogException if the write did not arrive in time, or {@linkplain WriteToken#isQueued() is queued}
     * @throws NodeClosedException if the node is closed
     */
    void awaitToken(WriteToken token, Duration timeout);

    /** What the tiers of this node hold, past all checks: for auditors. */
    AuditView audit();

    /**
     * Applies everything that the log still holds to the out tier once more, in place of what was lost there. Returns at once; the
     * nodes share the work, which goes on whatever becomes of the caller. Until a partition is done, no node uses the out tier's
     * values of it. Values come back for caches that publish them ({@link PublishMode#VALUE}); for a cache that publishes
     * invalidations alone, the log has no values, and its loaders fill the tier again.
     *
     * @param timeout how long the returned future waits
     * @throws IllegalStateException if this node has no out tier or no log
     * @throws NodeClosedException if the node is closed
     */
    OutRebuild rebuildOutTier(Duration timeout);

    /**
     * Stops taking calls, waits at most the given time for what is under way, and releases everything. Idempotent.
     */
    void close(Duration timeout);

    /** Closes within 10 seconds. */
    @Override
    default void close() {
        close(Duration.ofSeconds(10));
    }
}
