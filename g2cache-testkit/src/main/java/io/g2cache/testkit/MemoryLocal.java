package io.g2cache.testkit;

import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;

/** The reference local tier: encoded entries in a map on the heap, the least recently used one evicted. Thread-safe. */
public final class MemoryLocal implements LocalCacheProvider {
    /** Creates the provider. */
    public MemoryLocal() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        return new MemoryLocalCache<>(context);
    }

    @Override
    public void close() {}
}
