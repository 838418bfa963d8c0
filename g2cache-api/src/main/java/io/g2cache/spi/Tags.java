package io.g2cache.spi;

import java.nio.charset.StandardCharsets;

/**
 * How tags are known where they are stored: by 64-bit hashes, alike on every node and in every release. Two tags that share
 * a hash look like one tag, which costs a miss and never a stale value.
 *
 * <p>An out tier keeps no floor for each tag, as there is no end of tags, but one for each of {@value #GROUPS} groups of tags
 * and each partition. Those floors have numbers of their own, beyond the partitions (see {@link OutCache#floors()}).
 */
public final class Tags {
    /** The most tags that an entry carries. */
    public static final int MOST_PER_ENTRY = 16;

    /** The longest tag, in bytes of UTF-8. */
    public static final int MOST_BYTES = 256;

    /** How many groups of tags share a floor in an out tier. */
    public static final int GROUPS = 1 << 12;

    private static final int PARTITION_BITS = 18;

    private Tags() {}

    /** The hash of a tag. */
    public static long hash(String tag) {
        return Hash64.hash(tag.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** The number of the floor that a tag shares with its group in a partition. */
    public static int floorNumber(int partition, long tag) {
        if (partition < 0 || partition >= 1 << PARTITION_BITS) {
            throw new IllegalArgumentException(
                    "partition=" + partition + " must be from 0 to " + (1 << PARTITION_BITS));
        }
        return (int) (Long.remainderUnsigned(tag, GROUPS) + 1) << PARTITION_BITS | partition;
    }

    /** Whether a floor's number is that of a group of tags, and not a partition. */
    public static boolean isFloorOfTags(int floorNumber) {
        return floorNumber >= 1 << PARTITION_BITS;
    }

    /** The partition of a floor's number. */
    public static int partition(int floorNumber) {
        return floorNumber & (1 << PARTITION_BITS) - 1;
    }
}
