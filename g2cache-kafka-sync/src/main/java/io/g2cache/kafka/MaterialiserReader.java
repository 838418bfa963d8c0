package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads its share of the partitions as a member of the materialisers' consumer group. Used by one thread at a time, except
 * for {@link #wakeUp()}; Kafka calls the rebalance listener on that thread, inside a poll.
 */
final class MaterialiserReader implements LogReader {
    private final Consumer<byte[], byte[]> consumer;
    private final RecordPump pump;
    private final String topic;
    private final int partitions;
    private final Duration commitTimeout;
    private final Map<TopicPartition, Uncommitted> uncommitted = new HashMap<>();
    private final Map<Integer, Long> positions = new HashMap<>();
    private boolean closed;

    MaterialiserReader(
            Consumer<byte[], byte[]> consumer,
            EventCodec codec,
            String topic,
            int partitions,
            Duration commitTimeout,
            RecordPump.Watch watch) {
        this.consumer = consumer;
        this.pump = new RecordPump(consumer, codec, partitions, watch);
        this.topic = topic;
        this.partitions = partitions;
        this.commitTimeout = commitTimeout;
        consumer.subscribe(List.of(topic), new Rebalances());
    }

    @Override
    public int poll(Duration maxWait, LogHandler handler) {
        return pump.poll(maxWait, new Remembering(new Positions(handler, positions)));
    }

    /** What the group has committed for a partition that was just assigned is known only after a poll or two. */
    @Override
    public Map<Integer, Long> positions() {
        Map<Integer, Long> now = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            int p = partition.partition();
            if (p < partitions) {
                Long known = positions.get(p);
                Long position = known != null ? known : position(partition);
                if (position != null) {
                    positions.put(p, position);
                    now.put(p, position);
                }
            }
        }
        return now;
    }

    private @Nullable Long position(TopicPartition partition) {
        try {
            return consumer.position(partition, Duration.ZERO);
        } catch (TimeoutException | WakeupException e) {
            return null;
        }
    }

    @Override
    public void hold(Set<Integer> held) {
        Set<TopicPartition> paused = new HashSet<>(consumer.assignment());
        paused.removeIf(partition -> partition.partition() < partitions && !held.contains(partition.partition()));
        Set<TopicPartition> resumed = new HashSet<>(consumer.paused());
        resumed.removeAll(paused);
        consumer.resume(resumed);
        consumer.pause(paused);
    }

    @Override
    public void commit() {
        if (uncommitted.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        uncommitted.forEach((partition, range) -> offsets.put(partition, new OffsetAndMetadata(range.next())));
        try {
            commit(offsets);
            uncommitted.clear();
        } catch (KafkaException e) {
            goBack();
            throw new SyncLogException(
                    Outcome.UNKNOWN,
                    "commit failed, topic=" + topic + ", offsets=" + offsets + ": " + e.getMessage(),
                    e);
        }
    }

    /** A wake-up is meant for a poll; it may have come too late for one, and must not fail a commit. */
    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            consumer.commitSync(offsets, commitTimeout);
        } catch (WakeupException e) {
            consumer.commitSync(offsets, commitTimeout);
        }
    }

    private void goBack() {
        Collection<TopicPartition> assigned = consumer.assignment();
        uncommitted.forEach((partition, range) -> {
            if (assigned.contains(partition)) {
                consumer.seek(partition, range.first());
                positions.put(partition.partition(), range.first());
                pump.forget(partition);
            }
        });
        uncommitted.clear();
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            consumer.close(CloseOptions.timeout(TailReader.CLOSE_TIMEOUT));
        }
    }

    /** Offsets handed over since the last commit: {@code first} to {@code next - 1}. */
    private record Uncommitted(long first, long next) {}

    /** Notes what the handler has taken, and only then. */
    private final class Remembering implements LogHandler {
        private final LogHandler handler;

        Remembering(LogHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onEvent(int partition, long offset, Event event) {
            handler.onEvent(partition, offset, event);
            note(partition, offset, offset + 1);
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            handler.onGap(partition, next, reason);
        }

        @Override
        public void onPosition(int partition, long next) {
            handler.onPosition(partition, next);
            note(partition, next, next);
        }

        private void note(int partition, long from, long next) {
            uncommitted.merge(
                    new TopicPartition(topic, partition),
                    new Uncommitted(from, next),
                    (before, now) -> new Uncommitted(before.first(), Math.max(before.next(), now.next())));
        }
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            List<TopicPartition> notPinned = new ArrayList<>();
            for (TopicPartition partition : assigned) {
                if (partition.partition() >= partitions) {
                    notPinned.add(partition);
                }
            }
            consumer.pause(notPinned);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            for (TopicPartition partition : revoked) {
                uncommitted.remove(partition);
                positions.remove(partition.partition());
                pump.forget(partition);
            }
        }
    }
}
