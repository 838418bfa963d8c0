package io.g2cache.bench.suite;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JDK's own map, without any bound. Thread-safe. */
final class MapStore<K, V> implements Store<K, V> {
    private final ConcurrentMap<K, V> map = new ConcurrentHashMap<>();

    @Override
    public void put(K key, V value) {
        map.put(key, value);
    }

    @Override
    public @Nullable V get(K key) {
        return map.get(key);
    }

    @Override
    public V load(K key, Function<K, V> loader) {
        return map.computeIfAbsent(key, loader);
    }

    @Override
    public void remove(K key) {
        map.remove(key);
    }

    @Override
    public void clear() {
        map.clear();
    }
}
