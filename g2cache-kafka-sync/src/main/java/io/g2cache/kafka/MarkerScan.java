package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the markers of partition 0, each time with a consumer of its own. One that names more partitions than the topic has was
 * not written by a node: it decides nothing. Used by one thread at a time.
 */
final class MarkerScan {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final EventCodec codec;
    private final TopicPartition partition;
    private final int partitions;
    private final Duration timeout;

    /** The partition of a topic that has so many. */
    MarkerScan(ClientConfigs clients, EventCodec codec, TopicPartition partition, int partitions, Duration timeout) {
        this(
                () -> new KafkaConsumer<>(
                        clients.shortTail(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                codec,
                partition,
                partitions,
                timeout);
    }

    /** The same with consumers of another make. */
    MarkerScan(
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            EventCodec codec,
            TopicPartition partition,
            int partitions,
            Duration timeout) {
        this.partitions = partitions;
        this.consumers = consumers;
        this.codec = codec;
        this.partition = partition;
        this.timeout = timeout;
    }

    /**
     * What a partition holds.
     *
     * @param claim count of the first claim; 0 where there is none
     * @param pin count of the pins, which all say the same; 0 where there is none
     * @param truncations the greatest number of the pins
     * @param pinOffset offset of the newest pin; -1 where there is none
     * @param pinMillis when the newest pin was appended, by the broker's wall clock
     * @param forged the newest pin that is impossible, which may have compacted others away; null where there is none
     * @param forgedOffset its offset
     */
    record Found(
            int claim,
            int pin,
            int truncations,
            long pinOffset,
            long pinMillis,
            @Nullable Marker forged,
            long forgedOffset) {
        private static final Found NOTHING = new Found(0, 0, 0, -1, 0, null, -1);

        private Found withForged(Marker marker, long offset) {
            return marker.kind() == Marker.Kind.CLAIM
                    ? this
                    : new Found(claim, pin, truncations, pinOffset, pinMillis, marker, offset);
        }

        private Found with(Marker marker, long offset, long millis) {
            return switch (marker.kind()) {
                case CLAIM ->
                    claim != 0
                            ? this
                            : new Found(
                                    marker.partitions(), pin, truncations, pinOffset, pinMillis, forged, forgedOffset);
                case PIN ->
                    new Found(
                            claim,
                            pin != 0 ? pin : marker.partitions(),
                            Math.max(truncations, marker.truncations()),
                            offset,
                            millis,
                            forged,
                            forgedOffset);
            };
        }
    }

    /** The markers from this offset on: one that was written after the hint may say that the topic has lost its end. */
    Found since(long offset) {
        return read(offset, Long.MAX_VALUE);
    }

    /**
     * All markers up to the end as of now.
     *
     * @throws SyncLogException if that takes too long; the message says how far it came
     */
    Found all() {
        return read(-1, Long.MAX_VALUE);
    }

    /** How many offsets lie between start and end. */
    long length() {
        return withConsumer(consumer -> end(consumer) - start(consumer));
    }

    private Found read(long from, long to) {
        return withConsumer(consumer -> {
            long start = Math.max(start(consumer), from);
            long end = Math.min(to, end(consumer));
            consumer.seek(partition, start);
            return scan(consumer, start, end);
        });
    }

    private long start(Consumer<byte[], byte[]> consumer) {
        return consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private long end(Consumer<byte[], byte[]> consumer) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private <T> T withConsumer(Function<Consumer<byte[], byte[]>, T> body) {
        Consumer<byte[], byte[]> consumer = consumers.get();
        try {
            consumer.assign(List.of(partition));
            return body.apply(consumer);
        } catch (OffsetOutOfRangeException e) {
            throw new SyncLogException(
                    Outcome.FAILED, "retention overtook the search for the pinned partition count, " + partition, e);
        } finally {
            consumer.close(CloseOptions.timeout(TailReader.CLOSE_TIMEOUT));
        }
    }

    private Found scan(Consumer<byte[], byte[]> consumer, long from, long end) {
        Found found = Found.NOTHING;
        long start = TimeSource.SYSTEM.monotonicMillis();
        long next = consumer.position(partition);
        while (next < end) {
            if (TimeSource.SYSTEM.monotonicMillis() - start > timeout.toMillis()) {
                throw new SyncLogException(
                        Outcome.FAILED,
                        "the pinned partition count was not found in time, openTimeout=" + timeout + ", partition="
                                + partition + ", from=" + from + ", reached=" + next + ", end=" + end);
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> message : records.records(partition)) {
                Marker marker = message.offset() >= end
                        ? null
                        : codec.decodeMarker(message.key(), message.value(), () -> RecordPump.version(message));
                if (marker != null) {
                    found = marker.isPossible(partitions)
                            ? found.with(marker, message.offset(), message.timestamp())
                            : found.withForged(marker, message.offset());
                }
            }
            next = consumer.position(partition);
        }
        return found;
    }
}
