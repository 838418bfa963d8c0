package io.g2cache.bench;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with all three modules. Its local tier holds so few entries that uniform reads of a workload miss it. Thread-safe.
 */
final class FullNode implements AutoCloseable {
    /** Entries of the local tier; a small part of {@link #ENTRIES}. */
    static final int LOCAL_ENTRIES = 64;

    /** Entries of the out tier. */
    static final int ENTRIES = 4_000;

    private static final int PUT_AT_ONCE = 200;
    private static final Duration FILL_LIMIT = Duration.ofMinutes(1);

    private final G2Node node;
    private final G2Cache<String, byte[]> cache;

    /** A node whose entries have no tags. */
    FullNode(Deployment deployment, PublishMode publish) {
        this(deployment, publish, false);
    }

    /** A node; where its entries are tagged, each has its key for a tag. */
    FullNode(Deployment deployment, PublishMode publish, boolean tagged) {
        node = G2Node.builder()
                .namespace("bench-" + publish)
                .local(ChronicleLocal.builder().build())
                .out(deployment.out())
                .sync(deployment.log())
                .build();
        CacheSpecBuilder<String, byte[]> spec = CacheSpec.builder("bench", Codecs.string(), Codecs.bytes())
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .maximumEntries(LOCAL_ENTRIES)
                .averageEntryBytes(LocalTier.ENTRY_BYTES)
                .publish(publish);
        cache = node.cache((tagged ? spec.tags((key, value) -> List.of(key)) : spec).build());
    }

    /**
     * Puts a workload, so many entries at a time that the out tier follows, and waits until the out tier holds all of it.
     *
     * @throws IllegalStateException if it does not within a minute
     */
    void fill(Workload workload) {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < workload.entries(); i++) {
            values.put(workload.key(i), workload.value(i));
            if (values.size() == PUT_AT_ONCE || i == workload.entries() - 1) {
                cache.putAll(values);
                values.clear();
            }
        }
        long start = System.nanoTime();
        for (int i = 0; i < workload.entries(); ) {
            if (cache.get(workload.key(i)) != null) {
                i++;
            } else if (System.nanoTime() - start > FILL_LIMIT.toNanos()) {
                throw new IllegalStateException("the out tier holds " + i + " of entries=" + workload.entries()
                        + " after " + FILL_LIMIT + " at most");
            }
        }
    }

    byte @Nullable [] get(String key) {
        return cache.get(key);
    }

    byte @Nullable [] get(String key, CacheLoader<String, byte[]> loader) {
        return cache.get(key, loader);
    }

    Map<String, byte[]> getAll(List<String> keys) {
        return cache.getAll(keys);
    }

    WriteToken put(String key, byte[] value) {
        return cache.put(key, value);
    }

    WriteToken invalidate(String key) {
        return cache.invalidate(key);
    }

    WriteToken invalidateTag(String tag) {
        return cache.invalidateTag(tag);
    }

    WriteToken clear() {
        return cache.clear();
    }

    @Override
    public void close() {
        node.close();
    }
}
