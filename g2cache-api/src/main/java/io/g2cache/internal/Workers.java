package io.g2cache.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where asynchronous work runs. Three kinds are kept apart, so that none can starve what another waits for: flows of reads,
 * whose loaders may block in the user's code; the short continuations of tier and log calls, which never block; and the
 * completions of the user's futures, on which the user's own code hangs.
 *
 * <p>What is bounded is the number of flows and writes, not of tasks: a flow that was let in finds a thread for each of its
 * steps, as there are as many threads as flows, and a flow holds its place until its last step has ended, even one that
 * hangs in a loader, and until its loads are through, even one whose readers were given something else meanwhile. So a
 * loader that waits for another key's asynchronous read can never wait for a thread.
 *
 * <p>Concurrency: thread-safe.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int FLOWS = 1024;
    private static final int WRITES = 8192;
    private static final int CALLBACK_THREADS = 2;
    private static final long IDLE_SECONDS = 30;

    private final Semaphore flows = new Semaphore(FLOWS);
    private final Semaphore writes = new Semaphore(WRITES);
    private final boolean isUsers;
    private final Executor loads;
    private final Executor callbacks;
    private final Executor completions;

    /** Uses the user's executor for everything, or pools of the node's own. */
    Workers(String nodeId, @Nullable Executor users) {
        isUsers = users != null;
        loads = users != null ? users : growing("g2cache-load-" + nodeId);
        completions = users != null ? users : growing("g2cache-completion-" + nodeId);
        callbacks = users != null ? users : fixed("g2cache-callback-" + nodeId);
    }

    /**
     * One asynchronous read or refresh: runs its steps, and holds its place until it has its result, its loads are through, and
     * the last of its steps has ended.
     */
    final class Flow implements Executor {
        private final Runnable refused;
        private int holds = 1;
        private boolean left;

        private Flow(Runnable refused) {
            this.refused = refused;
        }

        /** Runs a step; one that the executor refuses runs in its caller. */
        @Override
        public void execute(Runnable step) {
            if (!tryExecute(step)) {
                refused.run();
                step.run();
            }
        }

        /** Runs a step, unless the executor refuses. */
        boolean tryExecute(Runnable step) {
            change(1);
            boolean accepted = Workers.tryExecute(loads, () -> {
                try {
                    step.run();
                } finally {
                    change(-1);
                }
            });
            if (!accepted) {
                change(-1);
            }
            return accepted;
        }

        /** The flow has its result; called once. */
        void end() {
            change(-1);
        }

        /** The flow runs the steps of a load, which may go on when the flow has its result. Called before it has it. */
        void runs(CompletableFuture<?> load) {
            change(1);
            var unused = load.whenComplete((value, failure) -> change(-1));
        }

        private void change(int by) {
            synchronized (this) {
                holds += by;
                if (left || holds > 0) {
                    return;
                }
                left = true;
            }
            flows.release();
        }
    }

    /** Run once at most: an executor that has thrown must not run what its caller runs then. */
    private static final class Step implements Runnable {
        private final Runnable task;
        private final AtomicBoolean taken = new AtomicBoolean();

        Step(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (taken.compareAndSet(false, true)) {
                task.run();
            }
        }

        /** Takes it from the executor; false if it was begun. */
        boolean takeBack() {
            return taken.compareAndSet(false, true);
        }
    }

    /** Whatever an executor throws is a refusal, such as the error of a pool that can start no thread. */
    private static boolean tryExecute(Executor executor, Runnable task) {
        Step step = new Step(task);
        try {
            executor.execute(step);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the executor refused a step", e);
            return !step.takeBack();
        } catch (RuntimeException | Error e) {
            if (!step.takeBack()) {
                throw e;
            }
            LOG.warn("the executor could not take a step: {}", e.toString());
            return false;
        }
    }

    /** Refused steps run in their caller. */
    private static Executor inPlace(Executor executor) {
        return task -> {
            if (!tryExecute(executor, task)) {
                task.run();
            }
        };
    }

    /** As many threads as there is work, up to the number of flows. */
    private static ThreadPoolExecutor growing(String name) {
        return new ThreadPoolExecutor(0, FLOWS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), named(name));
    }

    private static ThreadPoolExecutor fixed(String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                CALLBACK_THREADS,
                CALLBACK_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((t, e) -> LOG.error("uncaught in thread={}", t.getName(), e));
            return thread;
        };
    }

    /** Lets an asynchronous read in, and tells of each of its steps that the executor refuses; null if there are too many. */
    @Nullable
    Flow tryEnter(Runnable refused) {
        return flows.tryAcquire() ? new Flow(refused) : null;
    }

    /** Lets an asynchronous write in, which must {@link #leaveWrite}; false if there are too many. */
    boolean tryEnterWrite() {
        return writes.tryAcquire();
    }

    /** An asynchronous write has ended. */
    void leaveWrite() {
        writes.release();
    }

    /** Reads and refreshes under way. */
    int active() {
        return FLOWS - flows.availablePermits();
    }

    /** Runs what a caller that gave up has left behind; refused steps run in their caller. */
    Executor loads() {
        return inPlace(loads);
    }

    /** Runs short continuations; refused ones run in their caller. */
    Executor callbacks() {
        return inPlace(callbacks);
    }

    /** Runs what users hang on their futures; refused completions run in their caller. */
    Executor completions() {
        return inPlace(completions);
    }

    /** Ends the node's own threads; interrupts those that do not end in time. What they had not begun is done here. */
    void close(Duration timeout) {
        if (!isUsers) {
            closePool(loads, timeout);
            closePool(callbacks, timeout);
            closePool(completions, timeout);
        }
    }

    private static void closePool(Executor executor, Duration timeout) {
        if (!(executor instanceof ExecutorService pool)) {
            return;
        }
        pool.shutdown();
        try {
            if (!pool.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("tasks did not end within {} and are interrupted", timeout);
                pool.shutdownNow().forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            pool.shutdownNow().forEach(Runnable::run);
            Thread.currentThread().interrupt();
        }
    }
}
