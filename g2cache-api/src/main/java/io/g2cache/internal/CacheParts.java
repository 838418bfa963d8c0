package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.spi.TimeSource;

/** What a cache engine is put together from. */
record CacheParts<K, V>(
        CacheSpec<K, V> spec,
        NodeParts node,
        TimeSource time,
        KeyEncoder<K> keys,
        ValueEncoder<K, V> values,
        Deadlines deadlines,
        Tiers<K, V> tiers,
        ReadPath<K, V> reads,
        BulkReadPath<K, V> bulkReads,
        WritePath<K, V> writes,
        WarmRestart restart,
        LoadCoalescer<V> coalescer,
        CacheAudit<K, V> audit,
        CacheCounters stats) {}
