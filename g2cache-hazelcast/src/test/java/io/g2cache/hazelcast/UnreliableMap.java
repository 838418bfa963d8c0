package io.g2cache.hazelcast;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A shared map in this process that can do what a redone operation does: take effect, and report a refusal. */
final class UnreliableMap<K, V> implements CasMap<K, V> {
    final Map<K, V> held = new HashMap<>();
    final Map<K, Duration> lives = new HashMap<>();
    int lies;
    Runnable beforeReplace = () -> {};

    @Override
    public @Nullable V get(K key) {
        return held.get(key);
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        V before = held.putIfAbsent(key, value);
        if (before == null && lies > 0) {
            lies--;
            return value;
        }
        return before;
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value, Duration life) {
        lives.put(key, life);
        return putIfAbsent(key, value);
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        beforeReplace.run();
        if (!Objects.deepEquals(held.get(key), expected)) {
            return false;
        }
        held.put(key, value);
        if (lies > 0) {
            lies--;
            return false;
        }
        return true;
    }
}
