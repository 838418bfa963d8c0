package io.g2cache.chronicle;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets calls in until it is closed, and then waits until the last of them has left.
 *
 * <p>Concurrency: a call counts itself in, in one of several counters that lie in cache lines of their own, and only then
 * looks whether the gate is closed; closing sets the flag and only then looks at the counters. Both are volatile, so that one
 * of the two sees the other.
 */
final class Gate {
    private static final int STRIPES = 32;
    private static final int INTS_PER_LINE = 32;
    private static final long PAUSE_NANOS = 100_000;

    private final AtomicIntegerArray inside = new AtomicIntegerArray(STRIPES * INTS_PER_LINE);
    private volatile boolean closed;

    /**
     * Lets the caller in, who must {@link #leave} with the same stripe.
     *
     * @param stripe any number, best a thread's own
     * @return false if the gate is closed; the caller is not inside
     */
    boolean enter(int stripe) {
        int at = place(stripe);
        inside.incrementAndGet(at);
        if (closed) {
            inside.decrementAndGet(at);
            return false;
        }
        return true;
    }

    void leave(int stripe) {
        inside.decrementAndGet(place(stripe));
    }

    private static int place(int stripe) {
        return (stripe & STRIPES - 1) * INTS_PER_LINE;
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes the gate and waits; false if somebody is still inside in the end. May be repeated. */
    boolean close(Duration patience) {
        closed = true;
        long start = TimeSource.SYSTEM.monotonicNanos();
        while (!isEmpty()) {
            if (TimeSource.SYSTEM.monotonicNanos() - start >= patience.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }

    private boolean isEmpty() {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            if (inside.get(place(stripe)) != 0) {
                return false;
            }
        }
        return true;
    }
}
