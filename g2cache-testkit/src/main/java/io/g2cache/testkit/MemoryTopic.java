package io.g2cache.testkit;

import io.g2cache.GenerationEndedException;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one namespace and the group of its materialisers.
 *
 * <p>Concurrency: the monitor of this object guards everything; waiting readers wait on it.
 */
final class MemoryTopic {
    private final String name;
    private final MemoryLog.AppendListener listener;
    private final long[] starts;
    private int truncations;
    private boolean deleted;
    private final List<List<Stored>> partitions = new ArrayList<>();
    private final long[] committed;
    private final List<MemoryReader> members = new ArrayList<>();
    private final @Nullable MemoryReader[] owners;
    private final long[] assignments;

    MemoryTopic(String generation, int count, MemoryLog.AppendListener listener) {
        this.name = generation;
        this.listener = listener;
        this.starts = new long[count];
        for (int p = 0; p < count; p++) {
            partitions.add(new ArrayList<>());
        }
        committed = new long[count];
        owners = new MemoryReader[count];
        assignments = new long[count];
    }

    /** An event, and how many truncations there had been; its offset is its index. */
    record Stored(Event event, long wallMillis, int truncations) {}

    /** Identifies the topic and what has become of it. */
    synchronized String generation() {
        return deleted ? "deleted" : name + "-" + truncations;
    }

    /** Begins a new generation, unless the given one has ended already. */
    synchronized void endGeneration(String ended) {
        if (generation().equals(ended)) {
            truncations++;
            notifyAll();
        }
    }

    /** Refuses whoever has opened the topic in an earlier generation. */
    synchronized void requireGeneration(String opened) {
        if (!generation().equals(opened)) {
            throw new GenerationEndedException("the log is of generation=" + generation() + ", opened was " + opened);
        }
    }

    /** Nobody who has it open can use it any more. */
    synchronized void delete() {
        deleted = true;
        notifyAll();
    }

    /** Loses the events of a partition from an offset on. */
    synchronized void truncate(int partition, long end) {
        List<Stored> events = partitions.get(partition);
        while (events.size() > end) {
            events.remove(events.size() - 1);
        }
    }

    /** Deletes the events of a partition below an offset. */
    synchronized void deleteBelow(int partition, long start) {
        starts[partition] = Math.max(starts[partition], start);
    }

    synchronized LogPosition start() {
        return LogPosition.of(starts);
    }

    synchronized long start(int partition) {
        return starts[partition];
    }

    int partitions() {
        return committed.length;
    }

    synchronized long append(int partition, Event event, long wallMillis) {
        List<Stored> events = partitions.get(partition);
        events.add(new Stored(event, wallMillis, truncations));
        notifyAll();
        listener.appended(partition, events.size() - 1L, event);
        return events.size() - 1L;
    }

    synchronized LogPosition end() {
        return LogPosition.of(partitions.stream().mapToLong(List::size).toArray());
    }

    synchronized LogPosition committed() {
        return LogPosition.of(committed).max(start());
    }

    /** The first event of each partition that is not older than the given moment. */
    synchronized LogPosition since(long wallMillis) {
        return LogPosition.of(partitions.stream()
                        .mapToLong(events -> events.stream()
                                .takeWhile(e -> e.wallMillis < wallMillis)
                                .count())
                        .toArray())
                .max(start());
    }

    /** Up to the given number of events of a partition from an offset on; without values that a lost event may have replaced. */
    synchronized List<Event> read(int partition, long from, int most) {
        List<Stored> events = partitions.get(partition);
        int begin = (int) Math.min(from, events.size());
        int end = Math.min(events.size(), begin + most);
        return events.subList(begin, end).stream()
                .map(stored -> stored.truncations < truncations ? stored.event.withoutValue() : stored.event)
                .toList();
    }

    /** Waits until the reader has something to read or is woken up, at most the given time. */
    synchronized void await(MemoryReader reader, Duration maxWait) {
        long end = System.nanoTime() + maxWait.toNanos();
        boolean interrupted = false;
        for (long left = maxWait.toNanos();
                left > 0 && !interrupted && !reader.isReady();
                left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void wake(Runnable step) {
        step.run();
        notifyAll();
    }

    synchronized void join(MemoryReader member) {
        members.add(member);
        assign();
    }

    synchronized void leave(MemoryReader member) {
        members.remove(member);
        assign();
    }

    private void assign() {
        for (int p = 0; p < owners.length; p++) {
            MemoryReader owner = members.isEmpty() ? null : members.get(p % members.size());
            if (owners[p] != owner) {
                owners[p] = owner;
                assignments[p]++;
            }
        }
        notifyAll();
    }

    /**
     * A partition of a member.
     *
     * @param number counts its assignments, to whomever
     */
    record Assigned(long number, long committed) {}

    /** The partitions of a member now. */
    synchronized Map<Integer, Assigned> assignment(MemoryReader member) {
        Map<Integer, Assigned> mine = new TreeMap<>();
        for (int p = 0; p < owners.length; p++) {
            if (owners[p] == member) {
                mine.put(p, new Assigned(assignments[p], committed[p]));
            }
        }
        return mine;
    }

    /** Commits the positions of those partitions that the member still has. */
    synchronized void commit(MemoryReader member, Map<Integer, Long> positions) {
        positions.forEach((p, next) -> {
            if (owners[p] == member) {
                committed[p] = next;
            }
        });
    }
}
