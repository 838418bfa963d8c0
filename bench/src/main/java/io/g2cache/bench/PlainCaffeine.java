package io.g2cache.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** Caffeine by itself, bounded as our tier is, filled with a workload. Thread-safe. */
final class PlainCaffeine {
    private final Cache<String, byte[]> cache =
            Caffeine.newBuilder().maximumSize(LocalTier.MAXIMUM_ENTRIES).build();

    PlainCaffeine(Workload workload) {
        for (int i = 0; i < workload.entries(); i++) {
            cache.put(workload.key(i), workload.value(i));
        }
    }

    byte @Nullable [] get(String key) {
        return cache.getIfPresent(key);
    }
}
