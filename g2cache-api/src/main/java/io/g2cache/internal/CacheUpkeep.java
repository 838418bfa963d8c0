package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.CatchUp;
import io.g2cache.NodeClosedException;
import io.g2cache.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a cache beside its calls: its start, its upkeep, and its end.
 *
 * <p>Concurrency: {@link #start} is called once, before the cache is handed out, or while it is closed; {@link #housekeeping} by one
 * thread; the monitor makes sure that it ends once, and that who ends it too waits until it has.
 */
final class CacheUpkeep {
    private final CacheSpec<?, ?> spec;
    private final CacheLife life;
    private final TimeSource time;
    private final Tiers<?, ?> tiers;
    private final WarmRestart restart;
    private final LoadCoalescer<?> coalescer;
    private final @Nullable CacheQueue queue;
    private final @Nullable Freshness freshness;
    private boolean released;

    CacheUpkeep(CacheParts<?, ?> parts) {
        spec = parts.spec();
        life = parts.life();
        time = parts.time();
        tiers = parts.tiers();
        restart = parts.restart();
        coalescer = parts.coalescer();
        queue = parts.queue();
        freshness = parts.node().freshness();
    }

    /** Whether it is open, and its calls under way. */
    CacheLife life() {
        return life;
    }

    /**
     * Serves what the local tier holds from now on, after it was brought up to date; the cache must be known to the tailer
     * already.
     *
     * @throws io.g2cache.CacheClosedException if it is closed meanwhile
     */
    void start() {
        if (queue != null) {
            queue.dropWaiting();
        }
        if (freshness != null) {
            freshness.add(tiers.gate());
        }
        learnFloors();
        restart.bringUp();
    }

    /** How far the replay into what the local tier has kept is. */
    CatchUp catchUp() {
        return restart.progress();
    }

    /** Periodic upkeep; bounded. */
    void housekeeping() {
        coalescer.expire(spec.loadTimeout().toNanos());
        tiers.local().cleanUp(time.wallMillis() - spec.failSafeFor().toMillis());
        tiers.tidyTags();
        learnFloors();
        tiers.out().heals().repeat();
        restart.checkpoint();
    }

    /** Takes the floors from the out tier, if they are not known yet. */
    private void learnFloors() {
        if (!tiers.isRetired()) {
            var unused = tiers.out().learnFloors();
        }
    }

    /** The history of the log has ended: nothing that the tiers hold is served any more. Calls under way go on. */
    void retire() {
        tiers.gate().retire();
        coalescer.detachAll();
    }

    /** Releases what a retired cache holds. Idempotent. */
    synchronized void closeRetired() {
        release();
    }

    /** Closes it with its node, whose tailer has stopped. Idempotent. */
    void closeWithNode() {
        close(new NodeClosedException("cache=" + spec.name() + " was closed before the load had ended"), () -> {});
    }

    /**
     * Notes how far the local tier is, for its next opening, and releases what the cache holds. Idempotent.
     *
     * <p>The checkpoint is taken while the tailer still applies its events here, as it must not say of any event that it was
     * applied that was not; what comes later is replayed. No other follows it.
     *
     * @param why what those get who wait for loads
     * @param leave makes the cache unknown to the tailer
     */
    synchronized void close(RuntimeException why, Runnable leave) {
        restart.stop(why);
        coalescer.abandon(why);
        try {
            restart.lastCheckpoint();
        } finally {
            tiers.gate().retire();
            leave.run();
            release();
        }
    }

    private void release() {
        if (freshness != null) {
            freshness.remove(tiers.gate());
        }
        if (!released) {
            tiers.local().close();
            released = true;
        }
    }
}
