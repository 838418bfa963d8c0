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

    /** A cache could not be started. */
    void forget(String cache) {
        targets.remove(cache);
        caches.remove(cache);
    }

    /** How far the node and its caches are on their way to the log's end. */
    CatchUp progress() {
        CatchUp all = startUp == null || startUp.isDone() ? CatchUp.NONE : startUp.progress();
        for (CacheEngine<?, ?> cache : caches.values()) {
            all = all.plus(cache.catchUp());
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
        ended.forEach(CacheEngine::retire);
        targets.clear();
        caches.clear();
        for (CacheEngine<?, ?> cache : ended) {
            cache.counters().count(Counter.NEW_GENERATION);
            try {
                cache.closeRetired();
            } catch (RuntimeException e) {
                LOG.warn("cache={} of an ended generation failed to close", cache.name(), e);
            }
        }
        shutdown.end(timeout);
    }
}
