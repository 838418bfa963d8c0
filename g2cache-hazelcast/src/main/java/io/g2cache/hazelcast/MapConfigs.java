package io.g2cache.hazelcast;

import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import java.time.Duration;

/** What the shared maps are configured as, unless the cluster's own configuration has a pattern for their names. */
final class MapConfigs {
    private static final int MERGE_BATCH = 100;

    private MapConfigs() {}

    /**
     * Entries: garbage goes after a time to live, which every write starts anew. After a split brain the smaller side's
     * entries are dropped, as the log knows better than either side.
     */
    static MapConfig entries(String name, Duration garbageAfter, OutOptions options) {
        EvictionConfig eviction = new EvictionConfig().setEvictionPolicy(EvictionPolicy.NONE);
        if (options.maxHeapPercent() > 0) {
            eviction.setEvictionPolicy(EvictionPolicy.LRU)
                    .setMaxSizePolicy(MaxSizePolicy.USED_HEAP_PERCENTAGE)
                    .setSize(options.maxHeapPercent());
        }
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setTimeToLiveSeconds(seconds(garbageAfter))
                .setBackupCount(options.backupCount())
                .setEvictionConfig(eviction)
                .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), MERGE_BATCH));
    }

    /** Floors: few, neither evicted nor expired, and those that only one side of a split brain has are kept. */
    static MapConfig floors(String name, OutOptions options) {
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setBackupCount(Math.max(1, options.backupCount()))
                .setMergePolicyConfig(new MergePolicyConfig(PutIfAbsentMergePolicy.class.getName(), MERGE_BATCH));
    }

    /**
     * The ledger: few records, neither evicted nor expired. After a split brain that of the larger side stays as it is, and so
     * says what the entries of that side account for.
     */
    static MapConfig ledger(String name, OutOptions options) {
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                .setBackupCount(Math.max(1, options.backupCount()))
                .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), MERGE_BATCH));
    }

    /** Hazelcast counts in whole seconds and takes 0 for never: rounded up, at least 1. */
    static int seconds(Duration life) {
        long up = life.getSeconds() + (life.getNano() > 0 ? 1 : 0);
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, up));
    }
}
