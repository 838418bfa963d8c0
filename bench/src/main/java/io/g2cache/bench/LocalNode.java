package io.g2cache.bench;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.LocalCacheProvider;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node with nothing but a local tier, filled with a workload. Thread-safe. */
final class LocalNode implements AutoCloseable {
    private final G2Node node;
    private final G2Cache<String, byte[]> cache;

    LocalNode(LocalCacheProvider provider, Workload workload) {
        this(provider, workload, spec -> spec);
    }

    /** With changes of the cache's specification. */
    LocalNode(LocalCacheProvider provider, Workload workload, UnaryOperator<CacheSpecBuilder<String, byte[]>> change) {
        node = G2Node.builder().local(provider).build();
        cache = node.cache(change.apply(CacheSpec.builder("bench", Codecs.string(), Codecs.bytes())
                        .lifetime(Lifetime.hard(Duration.ofDays(1)))
                        .maximumEntries(LocalTier.MAXIMUM_ENTRIES)
                        .averageEntryBytes(LocalTier.ENTRY_BYTES))
                .build());
        for (int i = 0; i < workload.entries(); i++) {
            cache.put(workload.key(i), workload.value(i));
        }
    }

    byte @Nullable [] get(String key) {
        return cache.get(key);
    }

    void invalidateTag(String tag) {
        cache.invalidateTag(tag);
    }

    @Override
    public void close() {
        node.close();
    }
}
