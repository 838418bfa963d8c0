package io.g2cache.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls under way, until there are to be none any more.
 *
 * <p>Concurrency: any thread. A call is counted before it is looked whether this is closed, so that either the call sees that it
 * is, or closing sees the call.
 */
final class CallCount {
    private final AtomicInteger calls = new AtomicInteger();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean closed;

    boolean isClosed() {
        return closed;
    }

    /** Closes for new calls. */
    void close() {
        closed = true;
        if (calls.get() == 0) {
            idle.complete(null);
        }
    }

    /** A call begins, which must {@link #exit}; false, and nothing has begun, if this is closed. */
    boolean enter() {
        calls.incrementAndGet();
        if (closed) {
            exit();
            return false;
        }
        return true;
    }

    /** A call has ended. */
    void exit() {
        if (calls.decrementAndGet() == 0 && closed) {
            idle.complete(null);
        }
    }

    /** Waits, once it is closed, until no call is under way; returns how many still are. */
    int awaitIdle(Duration timeout) {
        try {
            idle.get(Durations.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return calls.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the idle signal never fails", e);
        }
        return calls.get();
    }
}
