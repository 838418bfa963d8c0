package io.g2cache.internal;

import io.g2cache.spi.StatsRecorder;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What each cache has counted, also before the log's history ended and it was opened again. Thread-safe. */
final class CountersByCache {
    private final StatsRecorder users;
    private final ConcurrentHashMap<String, CacheCounters> counters = new ConcurrentHashMap<>();

    CountersByCache(@Nullable StatsRecorder users) {
        this.users = GuardedRecorder.of(users);
    }

    /** Those of a cache that was closed: it counts from zero when it is opened again. */
    void forget(String cache) {
        counters.remove(cache);
    }

    CacheCounters of(String cache) {
        return counters.computeIfAbsent(cache, name -> new CacheCounters(users));
    }
}
