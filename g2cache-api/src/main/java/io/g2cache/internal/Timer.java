package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.spi.Agent;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Delays on the node's time. What hangs on a delay runs on the timer's thread and must be short.
 *
 * <p>Concurrency: any thread asks for delays and cancels them, one thread drives; the monitor guards the map, and nothing is
 * called under it. After the end, delays fail at once, so that nobody waits for one.
 */
final class Timer implements Agent {
    private final TimeSource time;
    private final Semaphore changes = new Semaphore(0);
    private final TreeMap<Due, CompletableFuture<Void>> delays = new TreeMap<>();
    private final AtomicLong asked = new AtomicLong();
    private boolean closed;

    Timer(TimeSource time) {
        this.time = time;
    }

    private record Due(long nanos, long number) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.signum(nanos - other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** A delay of the given time; fails with a {@link NodeClosedException} if the timer ends before. */
    CompletableFuture<Void> after(long nanos) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Due due = new Due(time.monotonicNanos() + nanos, asked.incrementAndGet());
        if (!isAdded(due, over)) {
            over.completeExceptionally(ended());
            return over;
        }
        var unused = over.whenComplete((done, failure) -> forget(due));
        return over;
    }

    private synchronized boolean isAdded(Due due, CompletableFuture<Void> over) {
        if (!closed) {
            delays.put(due, over);
            if (delays.firstKey().equals(due)) {
                changes.release();
            }
        }
        return !closed;
    }

    /** Also when a delay is cancelled: what nobody waits for any more is not kept. */
    private synchronized void forget(Due due) {
        delays.remove(due);
    }

    private static NodeClosedException ended() {
        return new NodeClosedException("the node was closed before a delay had ended");
    }

    @Override
    public String name() {
        return "timer";
    }

    @Override
    public int doWork(Duration maxWait) {
        try {
            var unused = changes.tryAcquire(Math.min(maxWait.toNanos(), nanosToNext()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var unused = changes.drainPermits();
        List<CompletableFuture<Void>> over = due(time.monotonicNanos());
        over.forEach(delay -> delay.complete(null));
        return over.size();
    }

    private synchronized long nanosToNext() {
        return delays.isEmpty() ? Long.MAX_VALUE : delays.firstKey().nanos - time.monotonicNanos();
    }

    private synchronized List<CompletableFuture<Void>> due(long now) {
        List<CompletableFuture<Void>> over = new ArrayList<>();
        while (!delays.isEmpty() && delays.firstKey().nanos - now <= 0) {
            over.add(delays.pollFirstEntry().getValue());
        }
        return over;
    }

    @Override
    public void wakeUp() {
        changes.release();
    }

    @Override
    public void onClose() {
        List<CompletableFuture<Void>> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(delays.values());
            delays.clear();
        }
        left.forEach(delay -> delay.completeExceptionally(ended()));
    }
}
