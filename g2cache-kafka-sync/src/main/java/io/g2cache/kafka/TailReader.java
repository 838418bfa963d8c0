package io.g2cache.kafka;

import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all pinned partitions, or one of them, from given offsets on. Used by one thread at a time, except for {@link #wakeUp()}. */
final class TailReader implements LogReader {
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final RecordPump pump;
    private final Map<Integer, Long> positions = new HashMap<>();
    private boolean closed;

    TailReader(
            Consumer<byte[], byte[]> consumer,
            EventCodec codec,
            String topic,
            LogPosition from,
            RecordPump.Watch watch) {
        this(consumer, codec, topic, from.partitions(), offsets(from), watch);
    }

    /** Reads the partitions that have an offset. */
    TailReader(
            Consumer<byte[], byte[]> consumer,
            EventCodec codec,
            String topic,
            int partitions,
            Map<Integer, Long> offsets,
            RecordPump.Watch watch) {
        this.consumer = consumer;
        this.topic = topic;
        this.pump = new RecordPump(consumer, codec, partitions, watch);
        this.positions.putAll(offsets);
        consumer.assign(topicPartitions(offsets.keySet()));
        offsets.forEach((partition, offset) -> consumer.seek(new TopicPartition(topic, partition), offset));
    }

    private static Map<Integer, Long> offsets(LogPosition from) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int p = 0; p < from.partitions(); p++) {
            offsets.put(p, from.offset(p));
        }
        return offsets;
    }

    private Set<TopicPartition> topicPartitions(Collection<Integer> partitions) {
        return partitions.stream().map(p -> new TopicPartition(topic, p)).collect(Collectors.toSet());
    }

    @Override
    public int poll(Duration maxWait, LogHandler handler) {
        return pump.poll(maxWait, new Positions(handler, positions));
    }

    @Override
    public Map<Integer, Long> positions() {
        return Map.copyOf(positions);
    }

    @Override
    public void hold(Set<Integer> partitions) {
        Set<Integer> held = new HashSet<>(partitions);
        held.retainAll(positions.keySet());
        consumer.resume(consumer.paused());
        consumer.pause(topicPartitions(held));
    }

    @Override
    public void commit() {
        throw new UnsupportedOperationException("a reader that tails commits nothing");
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }
}
