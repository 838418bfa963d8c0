package io.g2cache.internal;

import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;

/**
 * Goes over the events of redos once more that lie before a kept tier's checkpoint: it may have copied a value that the out
 * tier had brought back. What such an event has made invalid is dropped, and nothing is stored, as an older put may have been
 * invalidated since. Used by one thread.
 */
final class RedonePass implements LogHandler {
    private final Replay drops;
    private final LogPosition from;
    private final LogPosition start;

    /** A pass over what lies between the redos' first offsets and the start of the replay. */
    RedonePass(Replay drops, LogPosition from, LogPosition start) {
        this.drops = drops;
        this.from = from;
        this.start = start;
    }

    /** Where it begins. */
    LogPosition from() {
        return from;
    }

    /** How many offsets are left. */
    long left() {
        return drops.left(start);
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        if (offset >= start.offset(partition)) {
            return;
        }
        if (event instanceof Event.Put put) {
            drops.keyed(partition, offset, put.cache(), put.key(), Entry.tombstone(offset));
        } else if (!(event instanceof Event.Redo)) {
            drops.onEvent(partition, offset, event);
        }
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        drops.onGap(partition, next, reason);
    }

    @Override
    public void onPosition(int partition, long next) {
        drops.onPosition(partition, next);
    }
}
