package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A log whose events, and whose group's assignment, a test writes down. Used by one thread. */
class ScriptedLog implements SyncLog {
    final Map<Integer, TreeMap<Long, Event>> events = new TreeMap<>();
    final Reader group;
    final Map<Integer, Long> committed = new HashMap<>();
    private final int partitions;
    final List<String> announced = new ArrayList<>();
    int commits;
    int rangesOpen;

    ScriptedLog(int partitions) {
        this.partitions = partitions;
        Map<Integer, Long> positions = new TreeMap<>();
        for (int p = 0; p < partitions; p++) {
            events.put(p, new TreeMap<>());
            positions.put(p, 0L);
        }
        group = new Reader(positions);
    }

    void add(int partition, long offset, Event event) {
        events.get(partition).put(offset, event);
    }

    @Override
    public String generation() {
        return "g";
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public CompletableFuture<Long> append(int partition, Event event) {
        long offset = endOffsets().join().offset(partition);
        add(partition, offset, event);
        return CompletableFuture.completedFuture(offset);
    }

    @Override
    public LogReader tail(LogPosition from) {
        throw new UnsupportedOperationException("nobody tails here");
    }

    @Override
    public LogReader tail(int partition, long from) {
        rangesOpen++;
        return new Reader(new TreeMap<>(Map.of(partition, from)));
    }

    @Override
    public LogReader materialiser() {
        return group;
    }

    @Override
    public CompletableFuture<LogPosition> startOffsets() {
        return CompletableFuture.completedFuture(LogPosition.all(partitions, 0));
    }

    @Override
    public CompletableFuture<LogPosition> endOffsets() {
        return CompletableFuture.completedFuture(LogPosition.of(events.values().stream()
                .mapToLong(one -> one.isEmpty() ? 0 : one.lastKey() + 1)
                .toArray()));
    }

    @Override
    public CompletableFuture<LogPosition> committed() {
        throw new UnsupportedOperationException("not asked by the materialiser");
    }

    @Override
    public CompletableFuture<LogPosition> positionBefore(Duration age) {
        return startOffsets();
    }

    @Override
    public CompletableFuture<Void> announceTruncation(String reason) {
        announced.add(reason);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}

    /** The group's reader, or that of a range. */
    final class Reader implements LogReader {
        final Map<Integer, Long> positions;
        private final Map<Integer, Long> assigned = new HashMap<>();
        private final Set<Integer> assignedSince = new HashSet<>();
        private Set<Integer> held = Set.of();
        int polls;

        Reader(Map<Integer, Long> positions) {
            this.positions = positions;
        }

        @Override
        public int poll(Duration maxWait, LogHandler handler) {
            polls++;
            positions.putAll(assigned);
            assignedSince.addAll(assigned.keySet());
            assigned.clear();
            int handed = 0;
            for (int partition : List.copyOf(positions.keySet())) {
                long from = positions.get(partition);
                if (!held.contains(partition)) {
                    Map<Long, Event> next = new TreeMap<>(events.get(partition).tailMap(from));
                    next.forEach((offset, event) -> {
                        handler.onEvent(partition, offset, event);
                        positions.put(partition, offset + 1);
                    });
                    handed += next.size();
                    handler.onPosition(partition, positions.get(partition));
                }
            }
            return handed;
        }

        @Override
        public void commit() {
            commits++;
            committed.putAll(positions);
        }

        @Override
        public Map<Integer, Long> positions() {
            Map<Integer, Long> answer = new HashMap<>(positions);
            answer.keySet().removeAll(assignedSince);
            assignedSince.clear();
            return answer;
        }

        /** The next poll begins with a partition taken away and given back, which others have read up to here. */
        void reassign(int partition, long position) {
            assigned.put(partition, position);
        }

        @Override
        public void hold(Set<Integer> partitions) {
            held = Set.copyOf(partitions);
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {
            if (this != group) {
                rangesOpen--;
            }
        }
    }
}
