package io.g2cache;

import java.util.Map;
import java.util.Set;

/**
 * The data source of many keys at once.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface BulkCacheLoader<K, V> {
    /**
     * Loads the values from their source. May block; reads the source only after it was called.
     *
     * @param keys the keys to load, at least one
     * @return the values found, by the keys that were given or by keys which the cache's codec encodes to the same bytes; a
     *     key that is left out has none, a key that was not asked for is ignored
     * @throws Exception anything; callers get it as the cause of a {@link LoadException}
     */
    Map<K, V> loadAll(Set<K> keys) throws Exception;
}
