package io.g2cache.bench;

import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map by itself, without eviction, deadlines and versions, filled with a workload. Values have the bytes that
 * our tier stores. For one thread, whose reads share one array.
 */
final class PlainChronicle implements AutoCloseable {
    private final ChronicleMap<String, byte[]> map;
    private byte[] reused = new byte[0];

    PlainChronicle(Workload workload) {
        map = ChronicleMapBuilder.of(String.class, byte[].class)
                .averageKey(workload.key(0))
                .averageValueSize(LocalTier.stored(workload.value(0)).length)
                .entries(LocalTier.MAXIMUM_ENTRIES)
                .putReturnsNull(true)
                .create();
        for (int i = 0; i < workload.entries(); i++) {
            put(workload.key(i), LocalTier.stored(workload.value(i)));
        }
    }

    byte @Nullable [] getUsing(String key) {
        byte[] found = map.getUsing(key, reused);
        if (found != null) {
            reused = found;
        }
        return found;
    }

    void put(String key, byte[] stored) {
        map.put(key, stored);
    }

    @Override
    public void close() {
        map.close();
    }
}
