package io.g2cache.internal;

import io.g2cache.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of one synchronous call in the thread that waits for it, so that a loader runs in its caller's thread and a
 * call needs no thread of the node's.
 *
 * <p>Concurrency: any thread submits, one thread waits. When that one gives up, what is queued and what comes later goes to
 * the fallback, as others may wait for it; {@code abandoned} is guarded by this object's monitor.
 */
final class CallerExecutor implements Executor {
    private final LinkedBlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
    private final Executor fallback;
    private final LoadWaits waits = new LoadWaits();
    private boolean abandoned;

    CallerExecutor(Executor fallback) {
        this.fallback = fallback;
    }

    @Override
    public void execute(Runnable step) {
        synchronized (this) {
            if (!abandoned) {
                steps.add(step);
                return;
            }
        }
        handOver(step);
    }

    /**
     * The call will wait for a load.
     *
     * @throws io.g2cache.LoadException if that load waits for the one whose loader makes this call
     */
    void waitsFor(KeyLoad<?> load) {
        waits.add(load);
    }

    private void handOver(Runnable step) {
        if (step != WakeUp.INSTANCE) {
            fallback.execute(step);
        }
    }

    /**
     * Runs steps until the future is complete.
     *
     * @param timeoutNanos how long to wait for others; the time that the steps take themselves does not count
     * @throws TimeoutException if that takes longer than the given time
     * @throws InterruptedException if the thread is interrupted
     * @throws CompletionException if the future completes exceptionally
     */
    <T extends @Nullable Object> T await(CompletableFuture<T> future, long timeoutNanos, TimeSource time)
            throws TimeoutException, InterruptedException {
        if (!future.isDone()) {
            var unused = future.whenComplete((value, failure) -> execute(WakeUp.INSTANCE));
        }
        try {
            long deadline = time.monotonicNanos() + timeoutNanos;
            while (!future.isDone()) {
                Runnable step = steps.poll(Math.max(0, deadline - time.monotonicNanos()), TimeUnit.NANOSECONDS);
                if (step == null) {
                    throw new TimeoutException();
                }
                long began = time.monotonicNanos();
                step.run();
                deadline += time.monotonicNanos() - began;
            }
            return future.join();
        } finally {
            waits.end();
            abandon();
        }
    }

    private void abandon() {
        synchronized (this) {
            abandoned = true;
        }
        for (Runnable step = steps.poll(); step != null; step = steps.poll()) {
            handOver(step);
        }
    }

    /** To arrive is all it does. */
    private enum WakeUp implements Runnable {
        INSTANCE;

        @Override
        public void run() {}
    }
}
