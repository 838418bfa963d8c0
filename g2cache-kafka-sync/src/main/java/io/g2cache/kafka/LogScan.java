package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of some partitions from given offsets on, markers and unreadable ones too. Joins no group, commits nothing.
 * Used by one thread at a time, except for {@link #wakeUp()}.
 */
public final class LogScan implements AutoCloseable {
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final EventCodec codec;
    private final String topic;
    private final Map<Integer, Long> next;
    private long deleted;

    LogScan(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            EventCodec codec,
            String topic,
            Map<Integer, Long> from) {
        this.consumer = consumer;
        this.codec = codec;
        this.topic = topic;
        this.next = new TreeMap<>(from);
        consumer.assign(from.keySet().stream().map(this::partition).toList());
        from.forEach((p, offset) -> consumer.seek(partition(p), offset));
    }

    private TopicPartition partition(int partition) {
        return new TopicPartition(topic, partition);
    }

    /**
     * Hands over what one poll yields, each partition in its order; returns the number of records. Blocks for as long as told
     * where there are none; also while no broker can be reached.
     *
     * @throws SyncLogException if the log cannot be read at all, for example because it is not allowed
     */
    public int poll(Duration maxWait, Consumer<LogRecord> handler) {
        ConsumerRecords<byte[], byte[]> records = fetch(maxWait);
        for (ConsumerRecord<byte[], byte[]> message : records) {
            handler.accept(decoded(message));
        }
        records.nextOffsets().forEach((partition, offset) -> next.put(partition.partition(), offset.offset()));
        return records.count();
    }

    private ConsumerRecords<byte[], byte[]> fetch(Duration maxWait) {
        try {
            return consumer.poll(maxWait);
        } catch (WakeupException | RetriableException e) {
            return ConsumerRecords.empty();
        } catch (OffsetOutOfRangeException e) {
            goOn(e.offsetOutOfRangePartitions());
            return ConsumerRecords.empty();
        } catch (KafkaException e) {
            throw new SyncLogException(Outcome.FAILED, "topic=" + topic + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Retention has overtaken the reader, or the wanted offset lies beyond the end: goes on where there is something. */
    private void goOn(Map<TopicPartition, Long> wanted) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(wanted.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(wanted.keySet());
        wanted.forEach((partition, offset) -> {
            long start = starts.getOrDefault(partition, 0L);
            long at = Math.min(Math.max(start, offset), ends.getOrDefault(partition, start));
            deleted += Math.max(0, at - offset);
            consumer.seek(partition, at);
            next.put(partition.partition(), at);
        });
    }

    private LogRecord decoded(ConsumerRecord<byte[], byte[]> message) {
        IntSupplier version = () -> RecordPump.version(message);
        Event event = codec.decode(message.key(), message.value(), version);
        String marker = event == null ? marker(codec.decodeMarker(message.key(), message.value(), version)) : null;
        return new LogRecord(
                message.partition(),
                message.offset(),
                message.timestamp(),
                Math.max(0, message.serializedKeySize()) + Math.max(0, message.serializedValueSize()),
                message.key(),
                event,
                marker);
    }

    private static String marker(@Nullable Marker marker) {
        if (marker == null) {
            return "not known to this release";
        }
        String text = marker.kind() + " partitions=" + marker.partitions();
        return marker.kind() == Marker.Kind.PIN ? text + " truncations=" + marker.truncations() : text;
    }

    /** The next offset of a partition: beyond the last record handed over, and beyond what has been compacted away. */
    public long next(int partition) {
        return next.getOrDefault(partition, 0L);
    }

    /** How many offsets retention deleted before they were read. */
    public long deleted() {
        return deleted;
    }

    /** Reads no more of a partition. */
    public void stop(int partition) {
        consumer.pause(List.of(partition(partition)));
    }

    /** Ends a poll that waits, or the next one. */
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(TailReader.CLOSE_TIMEOUT));
    }
}
