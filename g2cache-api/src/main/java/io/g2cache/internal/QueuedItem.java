package io.g2cache.internal;

import io.g2cache.internal.queue.Position;
import io.g2cache.internal.queue.QueuedEvent;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A queued event, and which partitions have still to take it: that of its key, or every one. Guarded by the monitor of its
 * queue; what never changes may be read by anybody.
 */
final class QueuedItem {
    private static final int EVERY = -1;

    private final QueuedEvent event;
    private final Position start;
    private final Position end;
    private final int partition;
    private final int partitions;
    private int underWay;
    private @Nullable BitSet takenBy;

    /**
     * Creates an item that nobody has taken.
     *
     * @param start a place in the files before its record, and behind that of the item before it
     * @param end where its record ends
     * @param partition that of its key; ignored for an event without a key
     */
    QueuedItem(QueuedEvent event, Position start, Position end, int partition, int partitions) {
        this.event = event;
        this.start = start;
        this.end = end;
        this.partition = event.isOfKey() ? partition : EVERY;
        this.partitions = partitions;
    }

    QueuedEvent event() {
        return event;
    }

    Position start() {
        return start;
    }

    Position end() {
        return end;
    }

    /** The first partition that has to take it. */
    int firstPartition() {
        return partition == EVERY ? 0 : partition;
    }

    /** The last partition that has to take it. */
    int lastPartition() {
        return partition == EVERY ? partitions - 1 : partition;
    }

    /**
     * Whether the same event, written now, needs no item of its own, if those that have taken it take it once more: what is being
     * sent may come before it.
     */
    boolean standsForLaterOnes() {
        return underWay == 0;
    }

    /** All are to take it; returns those that had taken it. */
    BitSet again() {
        BitSet before = takenBy;
        takenBy = null;
        return before == null ? new BitSet() : before;
    }

    /** It is being sent to a partition. */
    void sending() {
        underWay++;
    }

    /** A partition did not take it. */
    void failed() {
        underWay--;
    }

    /** A partition has taken it; returns whether all have. */
    boolean taken(int by) {
        underWay--;
        BitSet taken = takenBy == null ? new BitSet() : takenBy;
        taken.set(by);
        takenBy = taken;
        return taken.cardinality() == lastPartition() - firstPartition() + 1;
    }
}
