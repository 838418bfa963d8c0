package io.g2cache.kafka;

import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all pinned partitions from given offsets on. Used by one thread at a time, except for {@link #wakeUp()}. */
final class TailReader implements LogReader {
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final RecordPump pump;
    private boolean closed;

    TailReader(
            Consumer<byte[], byte[]> consumer,
            EventCodec codec,
            String topic,
            LogPosition from,
            RecordPump.Watch watch) {
        this.consumer = consumer;
        this.pump = new RecordPump(consumer, codec, from.partitions(), watch);
        List<TopicPartition> partitions = new ArrayList<>();
        for (int p = 0; p < from.partitions(); p++) {
            partitions.add(new TopicPartition(topic, p));
        }
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, from.offset(partition.partition()));
        }
    }

    @Override
    public int poll(Duration maxWait, LogHandler handler) {
        return pump.poll(maxWait, handler);
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
