package io.g2cache.spi;

/** Which entries of a cache a clear, a tag or a gap has killed. Thread-safe; cheap enough for every read. */
@FunctionalInterface
public interface Floors {
    /** No floor anywhere. */
    Floors NONE = partition -> Long.MIN_VALUE;

    /** An entry of this partition with a lower version is dead. */
    long floor(int partition);

    /**
     * An entry of this partition that carries the tag and has a lower version is dead; {@link Long#MIN_VALUE} where the tag
     * was not invalidated, or so long ago that {@link #floor} covers it. Asked for entries with tags only.
     *
     * @param tag hash of the tag ({@link Tags#hash})
     */
    default long tagFloor(int partition, long tag) {
        return Long.MIN_VALUE;
    }

    /**
     * Whether neither a tag nor anything else has killed an entry with tags. The floor of the partition is looked at last: a
     * tag's floor that is dropped for want of room raises it first.
     *
     * @param tags hashes of its tags
     */
    default boolean isAlive(int partition, long version, long[] tags) {
        for (long tag : tags) {
            if (version < tagFloor(partition, tag)) {
                return false;
            }
        }
        return version >= floor(partition);
    }
}
