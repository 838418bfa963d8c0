package io.g2cache.spi;

import java.util.Arrays;

/** The next offset for each partition of the log. Immutable and thread-safe. */
public final class LogPosition {
    private final long[] offsets;

    private LogPosition(long[] offsets) {
        this.offsets = offsets;
    }

    /** Copies the offsets; the index is the partition. */
    public static LogPosition of(long... offsets) {
        return new LogPosition(offsets.clone());
    }

    /** The same offset in every partition. */
    public static LogPosition all(int partitions, long offset) {
        long[] offsets = new long[partitions];
        Arrays.fill(offsets, offset);
        return new LogPosition(offsets);
    }

    /** How many partitions there are. */
    public int partitions() {
        return offsets.length;
    }

    /** The next offset of a partition. */
    public long offset(int partition) {
        return offsets[partition];
    }

    /** The smaller offset of both in each partition. */
    public LogPosition min(LogPosition other) {
        long[] min = offsets.clone();
        for (int p = 0; p < min.length; p++) {
            min[p] = Math.min(min[p], other.offsets[p]);
        }
        return new LogPosition(min);
    }

    /** The greater offset of both in each partition. */
    public LogPosition max(LogPosition other) {
        long[] max = offsets.clone();
        for (int p = 0; p < max.length; p++) {
            max[p] = Math.max(max[p], other.offsets[p]);
        }
        return new LogPosition(max);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogPosition that && Arrays.equals(offsets, that.offsets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return "LogPosition" + Arrays.toString(offsets);
    }
}
