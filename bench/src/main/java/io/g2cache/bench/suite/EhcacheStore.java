package io.g2cache.bench.suite;

import org.ehcache.Cache;
import org.ehcache.CacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.MemoryUnit;
import org.jspecify.annotations.Nullable;

/** Ehcache with nothing but its off-heap tier. Thread-safe. */
final class EhcacheStore<K, V> implements Store<K, V> {
    private static final int OVERHEAD_BYTES = 64;
    private static final long LEAST_MB = 16;

    private final CacheManager manager;
    private final Cache<K, V> cache;

    EhcacheStore(Shape<K, V> shape) {
        manager = CacheManagerBuilder.newCacheManagerBuilder().build(true);
        cache = manager.createCache(
                "bench",
                CacheConfigurationBuilder.newCacheConfigurationBuilder(
                        shape.keyType(),
                        shape.valueType(),
                        ResourcePoolsBuilder.newResourcePoolsBuilder()
                                .offheap(LEAST_MB + (shape.roomBytes(OVERHEAD_BYTES) >> 20), MemoryUnit.MB)));
    }

    @Override
    public void put(K key, V value) {
        cache.put(key, value);
    }

    @Override
    public @Nullable V get(K key) {
        return cache.get(key);
    }

    @Override
    public void remove(K key) {
        cache.remove(key);
    }

    @Override
    public void clear() {
        cache.clear();
    }

    @Override
    public void close() {
        manager.close();
    }
}
