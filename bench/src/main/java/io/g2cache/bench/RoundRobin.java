package io.g2cache.bench;

import java.util.ArrayList;
import java.util.List;

/** Takes each key of a workload as often as any other, far from the one before. For one thread. */
final class RoundRobin {
    private static final int STRIDE = 1009;

    private static final int BULK = 100;

    private final Workload workload;
    private int rank;

    RoundRobin(int entries) {
        if (entries % STRIDE == 0) {
            throw new IllegalArgumentException("entries=" + entries + " must not be a multiple of " + STRIDE);
        }
        workload = new Workload(entries);
    }

    /** The next key. */
    String next() {
        rank = (rank + STRIDE) % workload.entries();
        return workload.key(rank);
    }

    /** The next hundred keys, all of them different. */
    List<String> bulk() {
        List<String> keys = new ArrayList<>(BULK);
        for (int i = 0; i < BULK; i++) {
            keys.add(next());
        }
        return keys;
    }

    /** The value of the key that was taken last. */
    byte[] value() {
        return workload.value(rank);
    }
}
