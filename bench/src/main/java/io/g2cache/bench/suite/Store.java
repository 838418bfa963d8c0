package io.g2cache.bench.suite;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A cache within one JVM, ours or another. Thread-safe. */
interface Store<K, V> extends AutoCloseable {
    void put(K key, V value);

    @Nullable
    V get(K key);

    /** The value there, or what the loader returns, which is kept. */
    default V load(K key, Function<K, V> loader) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " does not load");
    }

    default Map<K, V> getAll(Collection<K> keys) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no bulk read");
    }

    void remove(K key);

    void clear();

    @Override
    default void close() {}
}
