package io.g2cache;

import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;

/**
 * The local tier on the heap: Caffeine, bounded by entries. Values are kept decoded, so a hit costs no decoding; values
 * handed out are shared and to be treated as immutable, unless the cache copies on read.
 */
public final class OnHeapLocal implements LocalCacheProvider {
    /** Creates the provider. */
    public OnHeapLocal() {}

    @Override
    public String name() {
        return "on-heap";
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        return new OnHeapLocalCache<>(context);
    }

    @Override
    public void close() {}
}
