package io.g2cache.kafka;

import io.g2cache.spi.Event;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log as it lies in the topic. Immutable as long as nobody writes to the array, which is not copied.
 *
 * @param partition partition of the topic
 * @param offset offset in the partition: the version of the event
 * @param timeMillis when it was appended, wall-clock milliseconds
 * @param bytes size of key and value
 * @param recordKey key of the record: compaction keeps the newest record of each; null where there is none
 * @param event what it says; {@link Event.Unreadable} where it cannot be decoded; null for a marker
 * @param marker what a marker says about the topic itself; null where it is none
 */
public record LogRecord(
        int partition,
        long offset,
        long timeMillis,
        int bytes,
        byte @Nullable [] recordKey,
        @Nullable Event event,
        @Nullable String marker) {
    /** Whether the record has a key that only a g2cache log has. */
    public boolean isOurs() {
        return RecordKey.decode(recordKey) != null;
    }
}
