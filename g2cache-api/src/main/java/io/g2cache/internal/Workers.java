package io.g2cache.internal;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where asynchronous work runs: loads and refreshes on {@link #loads()}, which may block in the user's code; the short
 * continuations of tier calls on {@link #callbacks()}, which never blocks. They are apart, so that loads which wait for a
 * tier cannot starve what completes them.
 *
 * <p>What is bounded is the number of flows, not of tasks: a flow that was let in is never refused in its middle. Each flow
 * has at most one task queued at a time, so the bound on flows bounds the queue.
 *
 * <p>Concurrency: thread-safe.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int LOAD_THREADS = 64;
    private static final int CALLBACK_THREADS = 2;
    private static final int FLOWS = 1024;
    private static final long IDLE_SECONDS = 30;

    private final Semaphore flows = new Semaphore(FLOWS);
    private final boolean isUsers;
    private final Executor loads;
    private final Executor callbacks;

    /** Uses the user's executor for everything, or pools of the node's own. */
    Workers(String nodeId, @Nullable Executor users) {
        loads = users != null ? users : pool("g2cache-load-" + nodeId, LOAD_THREADS);
        isUsers = users != null;
        callbacks = isUsers ? loads : pool("g2cache-callback-" + nodeId, CALLBACK_THREADS);
    }

    /** Refused steps run in their caller. */
    private static Executor inPlace(Executor executor, Runnable refused) {
        return task -> {
            if (!tryExecute(executor, task)) {
                refused.run();
                task.run();
            }
        };
    }

    private static boolean tryExecute(Executor executor, Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the executor refused a step", e);
            return false;
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((t, e) -> LOG.error("uncaught in thread={}", t.getName(), e));
            return thread;
        };
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factory,
                (task, full) -> task.run());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Lets an asynchronous flow in, which must {@link #leave} when it has ended; false if there are too many. */
    boolean tryEnter() {
        return flows.tryAcquire();
    }

    /** A flow has ended. */
    void leave() {
        flows.release();
    }

    /** Flows under way. */
    int active() {
        return FLOWS - flows.availablePermits();
    }

    /** Runs loads and refreshes; those that the executor refuses run in their caller. */
    Executor loads() {
        return loads(() -> {});
    }

    /** The same, telling of each step that was refused. */
    Executor loads(Runnable refused) {
        return inPlace(loads, refused);
    }

    /** Runs a load, unless the executor refuses. */
    boolean tryLoad(Runnable load) {
        return tryExecute(loads, load);
    }

    /** Runs short continuations; those that the executor refuses run in their caller. */
    Executor callbacks() {
        return inPlace(callbacks, () -> {});
    }

    /** Ends the node's own threads; interrupts those that do not end in time. */
    void close(Duration timeout) {
        if (!isUsers) {
            closePool(loads, timeout);
            closePool(callbacks, timeout);
        }
    }

    private static void closePool(Executor executor, Duration timeout) {
        if (!(executor instanceof ExecutorService pool)) {
            return;
        }
        pool.shutdown();
        try {
            if (!pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn(
                        "{} tasks did not end within {} and were interrupted",
                        pool.shutdownNow().size(),
                        timeout);
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
