package io.g2cache.internal;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheLoader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cache's own loader, called for each key of one bulk read. Confined to the flow of that read. */
final class OneByOne<K, V> implements BulkCacheLoader<K, V> {
    private final CacheLoader<? super K, ? extends V> loader;
    private @Nullable K asked;

    OneByOne(CacheLoader<? super K, ? extends V> loader) {
        this.loader = loader;
    }

    @Override
    public Map<K, V> loadAll(Set<K> keys) throws Exception {
        Map<K, V> found = new LinkedHashMap<>();
        for (K key : keys) {
            asked = key;
            V value = loader.load(key);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    /** Whether this is the key that the loader was asked for last: the one that has failed, if one has. */
    boolean isLast(K key) {
        return key.equals(asked);
    }
}
