package io.g2cache.testkit;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The source behind a cache under test: each key has a number, which every update raises by one. Thread-safe. */
public final class Database {
    private final ConcurrentMap<String, Long> rows = new ConcurrentHashMap<>();

    /** Starts empty: every key reads 0. */
    public Database() {}

    /** The number of a key. */
    public long read(String key) {
        return rows.getOrDefault(key, 0L);
    }

    /** Raises the number of a key and returns it. */
    public long update(String key) {
        return rows.merge(key, 1L, Long::sum);
    }

    /** The keys that were ever updated, in order. */
    public Set<String> keys() {
        return new TreeSet<>(rows.keySet());
    }
}
