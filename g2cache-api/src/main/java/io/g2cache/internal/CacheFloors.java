package io.g2cache.internal;

import io.g2cache.spi.Floors;
import io.g2cache.spi.LogPosition;
import java.util.concurrent.atomic.AtomicLongArray;

/** The floors of one cache: by partition, the version below which every entry is dead. Thread-safe; they only rise. */
final class CacheFloors implements Floors {
    private final AtomicLongArray floors;

    CacheFloors(int partitions) {
        floors = filled(partitions);
    }

    static AtomicLongArray filled(int partitions) {
        AtomicLongArray array = new AtomicLongArray(partitions);
        for (int p = 0; p < partitions; p++) {
            array.set(p, RecentVersions.NONE);
        }
        return array;
    }

    static void raise(AtomicLongArray array, int partition, long version) {
        array.accumulateAndGet(partition, version, Math::max);
    }

    @Override
    public long floor(int partition) {
        return floors.get(partition);
    }

    int partitions() {
        return floors.length();
    }

    /** The floors by partition. */
    LogPosition snapshot() {
        long[] versions = new long[floors.length()];
        for (int p = 0; p < versions.length; p++) {
            versions[p] = floors.get(p);
        }
        return LogPosition.of(versions);
    }

    void raise(int partition, long version) {
        raise(floors, partition, version);
    }
}
