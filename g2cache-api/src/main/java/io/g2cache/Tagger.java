package io.g2cache;

import java.util.Collection;

/**
 * Gives the tags of an entry, by which {@link G2Cache#invalidateTag} finds it later. Called whenever a value is about to be
 * stored: by puts, loads, bulk loads and refreshes, in the thread that does so. Thread-safe; quick, does not block and does
 * not call the cache. All nodes give the same tags to the same key and value.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface Tagger<K, V> {
    /**
     * The tags: 16 at most, each of 1 to 256 bytes in UTF-8; the same one twice counts once.
     *
     * @return the tags; empty if there are none
     * @throws RuntimeException anything; whoever writes the value gets it as the cause of an {@link InvalidValueException},
     *     whoever loads it as that of a {@link LoadException}
     */
    Collection<String> tags(K key, V value);
}
