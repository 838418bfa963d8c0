package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How far this node has applied the log, and who waits for it.
 *
 * <p>Concurrency: the tailer's thread advances, any thread reads and waits. Waiters are guarded by their list's monitor;
 * they are completed outside of it.
 */
final class PositionTracker {
    private final AtomicLongArray next;
    private final List<Waiter> waiters = new ArrayList<>();

    private record Waiter(Map<Integer, Long> offsets, CompletableFuture<Void> reached) {}

    PositionTracker(LogPosition start) {
        next = new AtomicLongArray(start.partitions());
        for (int p = 0; p < start.partitions(); p++) {
            next.set(p, start.offset(p));
        }
    }

    /** The next offset to apply. */
    long position(int partition) {
        return next.get(partition);
    }

    /** The next offset to apply in each partition; each was right at some moment during the call. */
    LogPosition snapshot() {
        long[] offsets = new long[next.length()];
        for (int p = 0; p < offsets.length; p++) {
            offsets[p] = next.get(p);
        }
        return LogPosition.of(offsets);
    }

    /** Everything below {@code position} is applied. */
    void advance(int partition, long position) {
        next.accumulateAndGet(partition, position, Math::max);
        List<Waiter> reached = new ArrayList<>();
        synchronized (waiters) {
            for (Iterator<Waiter> i = waiters.iterator(); i.hasNext(); ) {
                Waiter waiter = i.next();
                if (waiter.reached.isDone() || hasApplied(waiter.offsets)) {
                    i.remove();
                    reached.add(waiter);
                }
            }
        }
        reached.forEach(waiter -> waiter.reached.complete(null));
    }

    /** Whether the events at these offsets by partition, and all before them, are applied. */
    boolean hasApplied(Map<Integer, Long> offsets) {
        return offsets.entrySet().stream().allMatch(offset -> next.get(offset.getKey()) > offset.getValue());
    }

    /**
     * Completes when {@link #hasApplied} is true; on the tailer's thread, so that nothing slow may hang on it. Who no longer waits
     * cancels it, so that it is forgotten.
     */
    CompletableFuture<Void> await(Map<Integer, Long> offsets) {
        Waiter waiter = new Waiter(Map.copyOf(offsets), new CompletableFuture<>());
        synchronized (waiters) {
            waiters.removeIf(other -> other.reached.isDone());
            if (!hasApplied(offsets)) {
                waiters.add(waiter);
                return waiter.reached;
            }
        }
        waiter.reached.complete(null);
        return waiter.reached;
    }

    /** How many wait. */
    int waiting() {
        synchronized (waiters) {
            return waiters.size();
        }
    }

    /** How many offsets lie between here and the given end. */
    long lag(LogPosition end) {
        long lag = 0;
        for (int p = 0; p < end.partitions(); p++) {
            lag += Math.max(0, end.offset(p) - next.get(p));
        }
        return lag;
    }
}
