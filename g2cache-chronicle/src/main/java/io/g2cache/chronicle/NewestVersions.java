package io.g2cache.chronicle;

import io.g2cache.spi.LogPosition;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLongArray;

/** By partition, the greatest version that was ever stored; {@link Long#MIN_VALUE} where none was. Thread-safe. */
final class NewestVersions {
    private final AtomicLongArray versions;

    NewestVersions(int partitions) {
        versions = new AtomicLongArray(partitions);
        forget();
    }

    /** Called before every entry is dropped; those that are stored from now on count. */
    void forget() {
        for (int p = 0; p < versions.length(); p++) {
            versions.set(p, Long.MIN_VALUE);
        }
    }

    void note(int partition, long version) {
        if (version > versions.get(partition)) {
            versions.accumulateAndGet(partition, version, Math::max);
        }
    }

    LogPosition snapshot() {
        long[] all = new long[versions.length()];
        for (int p = 0; p < all.length; p++) {
            all[p] = versions.get(p);
        }
        return LogPosition.of(all);
    }

    void walk(Image.Walk walk) throws IOException {
        for (int p = 0; p < versions.length(); p++) {
            versions.set(p, walk.number(versions.get(p)));
        }
    }
}
