package io.g2cache.hazelcast;

import com.hazelcast.map.IMap;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The only operations of a shared map that this module uses to write: each takes effect only against a known state, so
 * that one that arrives late or twice does no harm. They block; only those of a client stop waiting when interrupted.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
interface CasMap<K, V> {
    /** What is held, or null. */
    @Nullable
    V get(K key);

    /** Stores where nothing is held, and returns null; else returns what is held. */
    @Nullable
    V putIfAbsent(K key, V value);

    /** The same with a life of its own. */
    @Nullable
    V putIfAbsent(K key, V value, Duration life);

    /** Stores if the bytes held are the bytes of {@code expected}. Life starts anew, with the map's default. */
    boolean replace(K key, V expected, V value);

    /** The operations of an IMap, which must be in BINARY format. */
    static <K, V> CasMap<K, V> of(IMap<K, V> map) {
        return new CasMap<>() {
            @Override
            public @Nullable V get(K key) {
                return map.get(key);
            }

            @Override
            public @Nullable V putIfAbsent(K key, V value) {
                return map.putIfAbsent(key, value);
            }

            @Override
            public @Nullable V putIfAbsent(K key, V value, Duration life) {
                return map.putIfAbsent(key, value, life.toMillis(), TimeUnit.MILLISECONDS);
            }

            @Override
            public boolean replace(K key, V expected, V value) {
                return map.replace(key, expected, value);
            }
        };
    }
}
