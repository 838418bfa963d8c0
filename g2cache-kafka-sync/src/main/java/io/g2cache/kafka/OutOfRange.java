package io.g2cache.kafka;

import io.g2cache.spi.LogHandler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * What becomes of a reader whose position the log does not hold. Below the start, events have been deleted that it had not
 * come to: a gap, after which it goes on at the start. Beyond the end, or where the log's epochs differ from those that were
 * read, the log has lost its end. Used by the thread that polls.
 */
final class OutOfRange {
    private final Consumer<byte[], byte[]> consumer;
    private final RecordPump.Watch watch;

    OutOfRange(Consumer<byte[], byte[]> consumer, RecordPump.Watch watch) {
        this.consumer = consumer;
        this.watch = watch;
    }

    /** The position moves only after the handler has heard of a gap; where it throws, the next poll comes here again. */
    void resolve(InvalidOffsetException refused, int pinned, LogHandler handler) {
        if (refused instanceof LogTruncationException truncation) {
            watch.onTruncation("diverging offsets=" + truncation.divergentOffsets());
        } else if (refused instanceof OffsetOutOfRangeException outOfRange) {
            resolve(outOfRange.offsetOutOfRangePartitions(), pinned, handler);
        } else {
            begin(refused.partitions());
        }
    }

    private void resolve(Map<TopicPartition, Long> positions, int pinned, LogHandler handler) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(positions.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(positions.keySet());
        positions.forEach((partition, position) -> {
            long start = starts.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, Long.MAX_VALUE);
            if (position < start) {
                if (partition.partition() < pinned) {
                    handler.onGap(
                            partition.partition(),
                            start,
                            "position=" + position + " lies below the log's start=" + start + ", its end is " + end);
                    handler.onPosition(partition.partition(), start);
                }
                consumer.seek(partition, start);
            } else if (position > end) {
                watch.onTruncation("partition=" + partition + " ends at offset=" + end + ", the reader was at position="
                        + position);
            }
        });
    }

    /** The group has committed nothing yet: its members begin at the log's start. */
    private void begin(Set<TopicPartition> uncommitted) {
        consumer.beginningOffsets(List.copyOf(uncommitted)).forEach(consumer::seek);
    }
}
