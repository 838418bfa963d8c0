package io.g2cache.bench.suite;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Caffeine, bounded by its number of entries. Thread-safe. */
final class CaffeineStore<K, V> implements Store<K, V> {
    private final Cache<K, V> cache;

    CaffeineStore(Shape<K, V> shape) {
        cache = Caffeine.newBuilder().maximumSize(shape.room()).build();
    }

    @Override
    public void put(K key, V value) {
        cache.put(key, value);
    }

    @Override
    public @Nullable V get(K key) {
        return cache.getIfPresent(key);
    }

    @Override
    public V load(K key, Function<K, V> loader) {
        return cache.get(key, loader);
    }

    @Override
    public Map<K, V> getAll(Collection<K> keys) {
        return cache.getAllPresent(keys);
    }

    @Override
    public void remove(K key) {
        cache.invalidate(key);
    }

    @Override
    public void clear() {
        cache.invalidateAll();
    }
}
