package io.g2cache.bench.suite;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.cache2k.Cache;
import org.cache2k.Cache2kBuilder;
import org.jspecify.annotations.Nullable;

/** cache2k, bounded by its number of entries. Thread-safe. */
final class Cache2kStore<K, V> implements Store<K, V> {
    private final Cache<K, V> cache;

    Cache2kStore(Shape<K, V> shape) {
        cache = builder(shape).eternal(true).entryCapacity(shape.room()).build();
    }

    /** With the type of the keys only: it refuses arrays as the type of values, and holds them all the same. */
    @SuppressWarnings("unchecked")
    private static <K, V> Cache2kBuilder<K, V> builder(Shape<K, V> shape) {
        return (Cache2kBuilder<K, V>) Cache2kBuilder.forUnknownTypes().keyType(shape.keyType());
    }

    @Override
    public void put(K key, V value) {
        cache.put(key, value);
    }

    @Override
    public @Nullable V get(K key) {
        return cache.peek(key);
    }

    @Override
    public V load(K key, Function<K, V> loader) {
        return cache.computeIfAbsent(key, loader);
    }

    @Override
    public Map<K, V> getAll(Collection<K> keys) {
        return cache.peekAll(keys);
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
        cache.close();
    }
}
