package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/** What a cache engine is put together from. */
record CacheParts<K, V>(
        CacheSpec<K, V> spec,
        NodeParts node,
        CacheLife life,
        TimeSource time,
        KeyEncoder<K> keys,
        ValueEncoder<K, V> values,
        Deadlines deadlines,
        Tiers<K, V> tiers,
        ReadPath<K, V> reads,
        BulkReadPath<K, V> bulkReads,
        RefreshAhead ahead,
        WritePath<K, V> writes,
        @Nullable CacheQueue queue,
        WarmRestart restart,
        LoadCoalescer<V> coalescer,
        CacheAudit<K, V> audit,
        CacheCounters stats) {}
