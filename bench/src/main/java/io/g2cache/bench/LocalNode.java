package io.g2cache.bench;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.LocalCacheProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A node with nothing but a local tier, filled with a workload. Thread-safe. */
final class LocalNode implements AutoCloseable {
    private final G2Node node;
    private final G2Cache<String, byte[]> cache;

    LocalNode(LocalCacheProvider provider, Workload workload) {
        node = G2Node.builder().local(provider).build();
        cache = node.cache(CacheSpec.builder("bench", Codecs.string(), Codecs.bytes())
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .maximumEntries(LocalTier.MAXIMUM_ENTRIES)
                .averageEntryBytes(LocalTier.ENTRY_BYTES)
                .build());
        for (int i = 0; i < workload.entries(); i++) {
            cache.put(workload.key(i), workload.value(i));
        }
    }

    byte @Nullable [] get(String key) {
        return cache.get(key);
    }

    @Override
    public void close() {
        node.close();
    }
}
