package io.g2cache.testkit;

import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reference local tier: encoded entries in a map on the heap, the least recently used one evicted; on a {@link Disk}
 * they outlive the node, however it ends. Thread-safe.
 */
public final class MemoryLocal implements LocalCacheProvider {
    private final @Nullable Disk disk;

    /** Tiers that end with their node. */
    public MemoryLocal() {
        this.disk = null;
    }

    /** Tiers that outlive their node, as long as it has noted a checkpoint. */
    public MemoryLocal(Disk disk) {
        this.disk = disk;
    }

    /** What one node after another keeps its tiers on; by one node at a time. Thread-safe. */
    public static final class Disk {
        private final Map<String, MemoryLocalCache<?, ?>> tiers = new HashMap<>();

        /** A disk without tiers. */
        public Disk() {}

        private synchronized <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
            MemoryLocalCache<?, ?> before = tiers.get(context.cache());
            MemoryLocalCache<K, V> tier = new MemoryLocalCache<>(context, before == null ? null : before.kept());
            tiers.put(context.cache(), tier);
            return tier;
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        return disk == null ? new MemoryLocalCache<>(context, null) : disk.open(context);
    }

    @Override
    public void close() {}
}
