package io.g2cache.bench;

/** Takes each key of a workload as often as any other, far from the one before. For one thread. */
final class RoundRobin {
    private static final int STRIDE = 1009;

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

    /** The value of the key that was taken last. */
    byte[] value() {
        return workload.value(rank);
    }
}
