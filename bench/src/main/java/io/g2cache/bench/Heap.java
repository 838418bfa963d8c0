package io.g2cache.bench;

import java.lang.management.ManagementFactory;

/** Looks at the heap of this JVM. Thread-safe. */
public final class Heap {
    private static final int COLLECTIONS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private Heap() {}

    /** Bytes that are left after full collections. */
    public static long usedBytes() {
        var unused = collectMillis();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Milliseconds of the shortest of some full collections. */
    static double collectMillis() {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            long start = System.nanoTime();
            System.gc();
            least = Math.min(least, (System.nanoTime() - start) / NANOS_PER_MILLI);
        }
        return least;
    }
}
