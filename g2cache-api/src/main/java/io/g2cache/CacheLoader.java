package io.g2cache;

import org.jspecify.annotations.Nullable;

/**
 * The data source of one key. Called by one thread per key and node at a time, with two exceptions: a read that begins
 * after an event of the key, or after its load ran into the timeout, does not wait for the older call; and a refresh always
 * calls.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface CacheLoader<K, V> {
    /**
     * Loads the value from its source. May block; reads the source only after it was called.
     *
     * @return the value; null if the source has none
     * @throws Exception anything; callers get it as the cause of a {@link LoadException}
     */
    @Nullable
    V load(K key) throws Exception;
}
