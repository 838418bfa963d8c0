package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves records from a consumer to a handler. The consumer's position counts a record as read when it is fetched; so
 * whenever the handler throws, everything that it has not taken is sought back to. Used by one thread at a time.
 */
final class RecordPump {
    private static final Logger LOG = LoggerFactory.getLogger(RecordPump.class);

    private final Consumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final int partitions;
    private final Watch watch;
    private final OutOfRange ranges;
    private final Map<TopicPartition, Long> unreported = new HashMap<>();

    RecordPump(Consumer<byte[], byte[]> consumer, EventCodec codec, int partitions, Watch watch) {
        this.consumer = consumer;
        this.codec = codec;
        this.partitions = partitions;
        this.watch = watch;
        this.ranges = new OutOfRange(consumer, watch);
    }

    /** Hears of what concerns the topic itself. */
    interface Watch {
        /**
         * Called before each poll.
         *
         * @throws io.g2cache.GenerationEndedException if the topic's history has ended
         */
        void requireCurrent();

        /** How many truncations of the topic were known when it was opened; what was written before the last is outdated. */
        int truncations();

        /** A marker was read. */
        void onMarker(Marker marker, long offset);

        /** The log ends before what was read of it, or holds something else there. */
        void onTruncation(String evidence);
    }

    /** Hands over what one poll of the consumer yields; returns the number of events. */
    int poll(Duration maxWait, LogHandler handler) {
        watch.requireCurrent();
        ConsumerRecords<byte[], byte[]> records = fetch(maxWait, handler);
        Map<TopicPartition, Long> untaken = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            untaken.put(partition, records.records(partition).get(0).offset());
        }
        records.nextOffsets().forEach((partition, next) -> unreported.put(partition, next.offset()));
        int events = 0;
        try {
            for (TopicPartition partition : records.partitions()) {
                events += deliver(records.records(partition), partition, untaken, handler);
                untaken.remove(partition);
            }
            for (TopicPartition partition : List.copyOf(unreported.keySet())) {
                report(partition, handler);
            }
        } finally {
            untaken.forEach((partition, offset) -> {
                consumer.seek(partition, offset);
                unreported.remove(partition);
            });
        }
        return events;
    }

    private ConsumerRecords<byte[], byte[]> fetch(Duration maxWait, LogHandler handler) {
        try {
            return polled(maxWait, handler);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } catch (RetriableException e) {
            LOG.debug("the log is away, asking again", e);
            return ConsumerRecords.empty();
        } catch (KafkaException e) {
            throw new SyncLogException(
                    Outcome.FAILED, "the log cannot be read: " + Denials.message(e, "Read on its topic"), e);
        }
    }

    private ConsumerRecords<byte[], byte[]> polled(Duration maxWait, LogHandler handler) {
        try {
            return consumer.poll(maxWait);
        } catch (InvalidOffsetException e) {
            ranges.resolve(e, partitions, handler);
            e.partitions().forEach(unreported::remove);
            return ConsumerRecords.empty();
        }
    }

    private int deliver(
            List<ConsumerRecord<byte[], byte[]>> batch,
            TopicPartition partition,
            Map<TopicPartition, Long> untaken,
            LogHandler handler) {
        if (partition.partition() >= partitions) {
            unreported.remove(partition);
            return 0;
        }
        int events = 0;
        long next = batch.get(0).offset();
        try {
            for (ConsumerRecord<byte[], byte[]> message : batch) {
                next = message.offset();
                Event event = codec.decode(message.key(), message.value(), () -> version(message));
                if (event != null) {
                    handler.onEvent(partition.partition(), next, isOutdated(message) ? event.withoutValue() : event);
                    events++;
                } else {
                    marker(message);
                }
            }
            next++;
        } finally {
            untaken.put(partition, next);
        }
        report(partition, handler);
        return events;
    }

    private void marker(ConsumerRecord<byte[], byte[]> message) {
        Marker marker = codec.decodeMarker(message.key(), message.value(), () -> version(message));
        if (marker != null) {
            watch.onMarker(marker, message.offset());
        }
    }

    /** The position may lie past the last event: records have been compacted away, or were markers. */
    private void report(TopicPartition partition, LogHandler handler) {
        Long next = unreported.get(partition);
        if (next != null && partition.partition() < partitions) {
            handler.onPosition(partition.partition(), next);
        }
        unreported.remove(partition);
    }

    /** Drops what is known of a partition that was lost or sought. */
    void forget(TopicPartition partition) {
        unreported.remove(partition);
    }

    /** Looked at only where there were any. */
    private boolean isOutdated(ConsumerRecord<byte[], byte[]> message) {
        int known = watch.truncations();
        return known > 0 && truncations(message) < known;
    }

    private static int truncations(ConsumerRecord<byte[], byte[]> message) {
        ByteBuffer count = header(message, Appender.TRUNCATIONS_HEADER, Integer.BYTES);
        return count == null ? 0 : count.getInt();
    }

    static int version(ConsumerRecord<byte[], byte[]> message) {
        ByteBuffer number = header(message, Appender.VERSION_HEADER, Short.BYTES);
        return number == null ? 0 : number.getShort();
    }

    /** The value of a header; null where there is none of this length. */
    private static @Nullable ByteBuffer header(ConsumerRecord<byte[], byte[]> message, String name, int bytes) {
        Header header = message.headers().lastHeader(name);
        byte[] value = header == null ? null : header.value();
        return value == null || value.length != bytes ? null : ByteBuffer.wrap(value);
    }
}
