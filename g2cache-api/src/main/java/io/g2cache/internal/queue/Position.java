package io.g2cache.internal.queue;

/**
 * A place between two records of the queue.
 *
 * @param segment number of the segment
 * @param offset bytes from the segment's start
 */
public record Position(long segment, int offset) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
        int bySegment = Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Integer.compare(offset, other.offset);
    }
}
