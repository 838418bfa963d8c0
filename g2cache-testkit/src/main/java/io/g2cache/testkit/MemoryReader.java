package io.g2cache.testkit;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link MemoryTopic}: the given partitions from their offsets on, or, as a member of the group, those that it is assigned.
 *
 * <p>Concurrency: polled by one thread at a time; {@code woken}, {@code held} and {@code closed} are guarded by the topic's monitor.
 * Handlers run outside it, so that they may append.
 */
final class MemoryReader implements LogReader {
    private static final int BATCH = 500;

    private final MemoryTopic topic;
    private final String generation;
    private final boolean tails;
    private final Map<Integer, Long> next = new TreeMap<>();
    private Set<Integer> held = Set.of();
    private int turn;
    private boolean woken;
    private boolean closed;

    /** Tails from the given offsets, or joins the group if there are none. */
    MemoryReader(MemoryTopic topic, @Nullable Map<Integer, Long> from) {
        this.topic = topic;
        this.generation = topic.generation();
        this.tails = from != null;
        if (from == null) {
            topic.join(this);
            return;
        }
        next.putAll(from);
    }

    /** Called under the topic's monitor. */
    boolean isReady() {
        if (woken || closed) {
            return true;
        }
        assign();
        LogPosition end = topic.end();
        return next.entrySet().stream()
                .anyMatch(at -> !held.contains(at.getKey()) && at.getValue() < end.offset(at.getKey()));
    }

    /** Partitions that stay keep their position; new ones start at the commit. */
    private void assign() {
        if (!tails) {
            Map<Integer, Long> mine = topic.assignment(this);
            next.keySet().retainAll(mine.keySet());
            mine.forEach(next::putIfAbsent);
        }
    }

    @Override
    public int poll(Duration maxWait, LogHandler handler) {
        topic.await(this, maxWait);
        topic.wake(() -> woken = false);
        if (closed) {
            throw new SyncLogException(Outcome.FAILED, "the reader is closed");
        }
        topic.requireGeneration(generation);
        assign();
        List<Integer> order = new ArrayList<>(next.keySet());
        int events = 0;
        turn++;
        for (int i = 0; i < order.size(); i++) {
            events += hand(order.get((i + turn) % order.size()), handler);
        }
        return events;
    }

    @Override
    public Map<Integer, Long> positions() {
        assign();
        return Map.copyOf(next);
    }

    @Override
    public void hold(Set<Integer> partitions) {
        topic.wake(() -> held = Set.copyOf(partitions));
    }

    private int hand(int partition, LogHandler handler) {
        if (held.contains(partition)) {
            return 0;
        }
        long from = next.getOrDefault(partition, 0L);
        long start = topic.start(partition);
        if (from < start) {
            handler.onGap(partition, start, "position=" + from + " lies below the log's start=" + start);
            from = start;
            next.put(partition, from);
        }
        List<Event> batch = topic.read(partition, from, BATCH);
        long offset = from;
        for (Event event : batch) {
            handler.onEvent(partition, offset, event);
            offset++;
            next.put(partition, offset);
        }
        handler.onPosition(partition, offset);
        return batch.size();
    }

    @Override
    public void commit() {
        if (tails) {
            throw new UnsupportedOperationException("a reader that tails has nothing to commit");
        }
        topic.commit(this, next);
    }

    @Override
    public void wakeUp() {
        topic.wake(() -> woken = true);
    }

    @Override
    public void close() {
        topic.wake(() -> closed = true);
        topic.leave(this);
    }
}
