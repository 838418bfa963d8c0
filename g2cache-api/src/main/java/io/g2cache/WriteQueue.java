package io.g2cache;

import java.nio.file.Path;

/**
 * Where a node queues writes while the log is away, and how much. Immutable and thread-safe.
 *
 * @param directory belongs to one node alone, and must be the same after its restart; made if missing, mode 0700
 * @param maximumEntries how many keys and clears may wait, 1 to 10 million, each about 250 bytes on the heap; a key that waits
 *     already takes no further place; a clear, or the invalidation of a tag, takes one more for each 32 partitions of the log
 * @param maximumBytes how large the files may become, 64 KiB to 1 TiB; a write that was sent keeps its room there while an older
 *     one waits
 * @param forced whether a write is on the disk before its call returns, so that it outlives the machine and not only the
 *     process
 */
public record WriteQueue(Path directory, int maximumEntries, long maximumBytes, boolean forced) {
    private static final int MOST_ENTRIES = 10_000_000;
    private static final long LEAST_BYTES = 1L << 16;
    private static final long MOST_BYTES = 1L << 40;

    /** Checks the limits. */
    public WriteQueue {
        if (maximumEntries < 1 || maximumEntries > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "maximumEntries=" + maximumEntries + " must be from 1 to " + MOST_ENTRIES);
        }
        if (maximumBytes < LEAST_BYTES || maximumBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "maximumBytes=" + maximumBytes + " must be from " + LEAST_BYTES + " to " + MOST_BYTES);
        }
    }

    /** A queue of at most 100,000 keys and 64 MiB, forced to the disk. */
    public static WriteQueue in(Path directory) {
        return new WriteQueue(directory, 100_000, 64 << 20, true);
    }

    /** The same with another limit of keys. */
    public WriteQueue withMaximumEntries(int entries) {
        return new WriteQueue(directory, entries, maximumBytes, forced);
    }

    /** The same with another limit of bytes. */
    public WriteQueue withMaximumBytes(long bytes) {
        return new WriteQueue(directory, maximumEntries, bytes, forced);
    }

    /** The same, forced to the disk or not. */
    public WriteQueue withForced(boolean onOff) {
        return new WriteQueue(directory, maximumEntries, maximumBytes, onOff);
    }
}
