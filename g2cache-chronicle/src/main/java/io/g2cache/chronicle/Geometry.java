package io.g2cache.chronicle;

import io.g2cache.spi.LocalContext;

/**
 * The sizes of a map, worked out from what a cache asks for.
 *
 * @param maximumEntries upper bound of the entries
 * @param segments a power of two, at most one for each entry
 * @param chunkBytes unit of allocation
 * @param segmentChunks chunks of a segment
 * @param averageBytes expected size of an entry with header and key
 */
record Geometry(long maximumEntries, int segments, int chunkBytes, int segmentChunks, int averageBytes) {
    private static final int USUAL_SEGMENTS = 256;
    private static final int LEAST_SEGMENT_ENTRIES = 1 << 10;
    private static final int MOST_SEGMENT_ENTRIES = 1 << 22;

    /** With twice as many, an insert into a full segment takes half as long again to find free ones. */
    private static final int CHUNKS_PER_ENTRY = 4;

    private static final int LEAST_CHUNK_BYTES = 8;
    private static final int VALUES_PER_SEGMENT = 2;

    /** Free space beyond the average, as a fraction: with half of it allocation fails 24 times as often. */
    private static final double HEAD_ROOM = 0.25;

    private static final int PAGE_BYTES = 4096;

    /** Chronicle's own limit. */
    private static final long MOST_SEGMENT_CHUNKS = 1 << 30;

    /** The sizes for a cache; {@code wantedSegments} is a power of two, or 0 for a choice by size. */
    static Geometry of(LocalContext<?, ?> context, int wantedSegments) {
        long entries = context.maximumEntries();
        long average = EntryLayout.mapEntryBytes(EntryLayout.size(0, context.averageEntryBytes()));
        int segments = wantedSegments == 0
                ? usualSegments(entries, average, context.maximumValueBytes())
                : (int) Math.min(wantedSegments, Long.highestOneBit(entries));
        long chunk = Math.max(LEAST_CHUNK_BYTES, divideUp(average, CHUNKS_PER_ENTRY));
        double chunksPerEntry = 0.5 + (double) average / chunk;
        long segmentEntries = divideUp(entries, segments);
        long chunks = (long) Math.ceil(segmentEntries * chunksPerEntry * (1 + HEAD_ROOM));
        if (chunks > MOST_SEGMENT_CHUNKS || segmentEntries > 1 << 29) {
            throw new IllegalArgumentException("segments=" + segments + " are too few for maximumEntries=" + entries);
        }
        return new Geometry(entries, segments, (int) chunk, (int) chunks, (int) Math.min(average, Integer.MAX_VALUE));
    }

    /**
     * Many, for concurrency and because an insert into a full segment searches its chunks from the first free one on; yet
     * each with room for many entries and for some of the largest values.
     */
    private static int usualSegments(long entries, long average, int maximumValueBytes) {
        int segments = USUAL_SEGMENTS;
        while (segments > 1
                && (entries / segments < LEAST_SEGMENT_ENTRIES
                        || entries / segments * average < (long) VALUES_PER_SEGMENT * maximumValueBytes)) {
            segments /= 2;
        }
        while (entries / segments > MOST_SEGMENT_ENTRIES) {
            segments *= 2;
        }
        return segments;
    }

    private static long divideUp(long value, int by) {
        return (value + by - 1) / by;
    }

    /** Whether a map of the other sizes has the same layout. */
    boolean hasSizesOf(Geometry other) {
        return maximumEntries == other.maximumEntries
                && segments == other.segments
                && chunkBytes == other.chunkBytes
                && segmentChunks == other.segmentChunks;
    }

    /** The bound of one segment; the bounds of all add up to the maximum. */
    int entriesOf(int segment) {
        return (int) (maximumEntries / segments + (segment < maximumEntries % segments ? 1 : 0));
    }

    /** Entries that every segment has space for in its hash table. */
    int segmentEntries() {
        return entriesOf(0);
    }

    /** Chunks that an entry of the given size (header, key and value) takes. */
    long chunks(long size) {
        return divideUp(EntryLayout.mapEntryBytes(size), chunkBytes);
    }

    /** About how many bytes a map takes. */
    long fileBytes() {
        long hashTable = 4L * Integer.BYTES * segmentEntries();
        return segments * ((long) segmentChunks * chunkBytes + segmentChunks / Byte.SIZE + hashTable + PAGE_BYTES);
    }

    /** Largest entry that fits: header, key and value together fill an empty segment. */
    long maximumSize() {
        long size = (long) segmentChunks * chunkBytes;
        while (chunks(size) > segmentChunks) {
            size--;
        }
        return Math.min(size, Integer.MAX_VALUE);
    }
}
