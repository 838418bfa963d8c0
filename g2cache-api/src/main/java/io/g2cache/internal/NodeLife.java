package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.CatchUp;
import io.g2cache.spi.StatsRecorder.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node in one generation of its log; most nodes have only one.
 *
 * @param parts what the caches share
 * @param opener opens caches
 * @param caches the open ones by name
 * @param targets where their events go, by name
 * @param logSide what is asked of the log, if there is one
 * @param applier what applies its events, if there is one
 * @param startUp the way to its end, if there is one
 * @param shutdown ends the life
 */
record NodeLife(
        NodeParts parts,
        CacheOpener opener,
        ConcurrentHashMap<String, CacheEngine<?, ?>> caches,
        Map<String, EventApplier.Target> targets,
        @Nullable LogSide logSide,
        @Nullable EventApplier applier,
        @Nullable StartUp startUp,
        Shutdown shutdown) {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

    /** Opens a cache and makes it known to the tailer; it is still to be started. */
    <K, V> CacheEngine<K, V> open(CacheSpec<K, V> spec) {
        CacheEngine<K, V> engine = opener.open(spec);
        targets.put(spec.name(), engine);
        caches.put(spec.name(), engine);
        return engine;
    }

    /** Whether this is a life before the log was reached. */
    boolean awaitsLog() {
        return parts.log() == null && parts.freshness() != null;
    }

    /** The tailer, the housekeeper and auditors know the cache no longer. */
    void forget(CacheEngine<?, ?> cache) {
        targets.remove(cache.name(), cache);
        caches.remove(cache.name(), cache);
    }

    /**
     * Closes one cache of this life, and forgets it, but for what its events have killed; its name is still taken. Called once;
     * blocks while the local tier writes.
     *
     * @param why what those get who wait for its loads
     * @param isIdle whether no call of it is under way any more
     */
    void close(CacheEngine<?, ?> cache, RuntimeException why, boolean isIdle) {
        try {
            cache.upkeep().close(why, () -> forget(cache));
        } finally {
            OutTiers outTiers = parts.outTiers();
            if (outTiers != null) {
                outTiers.close(cache.name());
            }
            parts.fence().closed(cache.name(), isIdle);
            opener.closed(cache.name());
        }
    }

    /** How far the node and its caches are on their way to the log's end. */
    CatchUp progress() {
        CatchUp all = startUp == null || startUp.isDone() ? CatchUp.NONE : startUp.progress();
        for (CacheEngine<?, ?> cache : caches.values()) {
            all = all.plus(cache.upkeep().catchUp());
        }
        return all;
    }

    /** Ends a life before the log, whose caches have gone on in another; calls under way go on. */
    void leave(EndedLives endedLives, Duration timeout) {
        endedLives.add(caches.values());
        targets.clear();
        caches.clear();
        shutdown.end(timeout);
    }

    /**
     * Ends a life whose history has ended: nothing that its tiers hold is served any more, of no cache from the first moment on;
     * calls under way go on.
     */
    void retire(EndedLives endedLives, Duration timeout) {
        List<CacheEngine<?, ?>> ended = List.copyOf(caches.values());
        endedLives.addInUse(ended);
        ended.forEach(cache -> cache.upkeep().retire());
        targets.clear();
        caches.clear();
        for (CacheEngine<?, ?> cache : ended) {
            cache.counters().count(Counter.NEW_GENERATION);
            try {
                cache.upkeep().closeRetired();
            } catch (RuntimeException e) {
                LOG.warn("cache={} of an ended generation failed to close", cache.name(), e);
            }
        }
        shutdown.end(timeout);
    }
}
