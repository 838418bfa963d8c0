package io.g2cache.internal.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be read of a segment. Bytes that are no record are passed over until a record follows: then they were damaged;
 * at the end of the newest segment they are a write that was cut short. Immutable.
 *
 * @param records the records, in their order
 * @param end where the last record ends; 0 if there is none
 * @param isDamaged whether something that is no record lies between records, or a record is of no known kind
 */
record SegmentScan(List<Found> records, int end, boolean isDamaged) {
    /**
     * A record.
     *
     * @param event what it says
     * @param end where it ends
     */
    record Found(QueuedEvent event, Position end) {}

    static SegmentScan of(ByteBuffer segment, long number) {
        List<Found> records = new ArrayList<>();
        boolean damaged = false;
        int end = 0;
        for (int at = 0; at < segment.limit(); ) {
            int size = RecordFormat.sizeAt(segment, at, number);
            if (size == 0) {
                at++;
                continue;
            }
            QueuedEvent event = RecordFormat.decode(segment, at);
            damaged |= at != end || event == null;
            at += size;
            end = at;
            if (event != null) {
                records.add(new Found(event, new Position(number, end)));
            }
        }
        return new SegmentScan(List.copyOf(records), end, damaged);
    }
}
