package io.g2cache.chronicle;

import io.g2cache.TierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what needs a query context of Chronicle: it keeps one, of some kilobytes, for every thread and map. A platform thread
 * does it itself; a virtual one hands it to one of a few daemon threads, which end when they have been idle for ten seconds,
 * and waits. Thread-safe.
 */
final class PlatformThreads {
    /** Threads, and so query contexts for each map. */
    static final int MOST = Math.max(2, Runtime.getRuntime().availableProcessors());

    private static final long IDLE_SECONDS = 10;

    /** Above what a call waits for a lock. */
    private static final long LIMIT_SECONDS = 120;

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final ThreadPoolExecutor THREADS = threads();

    private PlatformThreads() {}

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), PlatformThreads::daemon);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "g2cache-chronicle-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs a task and returns what it returns or throws.
     *
     * @throws TierException if it has not ended after two minutes
     */
    static <R> R run(Supplier<R> task) {
        return VirtualThreads.isVirtual() ? await(THREADS.submit(task::get)) : task.get();
    }

    /** An interrupt does not end the wait, for the task goes on; it is noted for the caller. */
    private static <R> R await(Future<R> result) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (TimeoutException | CancellationException e) {
            throw new TierException(
                    "a write handed over by a virtual thread has not ended in seconds=" + LIMIT_SECONDS, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Throws what a task threw, or returns it to be thrown. */
    static RuntimeException rethrown(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        throw new IllegalStateException(failure);
    }
}
