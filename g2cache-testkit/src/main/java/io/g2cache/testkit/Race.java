package io.g2cache.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs tasks at the same moment and waits for all of them.
 *
 * <p>Concurrency: one daemon thread for each task, kept between rounds; a barrier lets all start together. Used by one
 * thread at a time.
 */
final class Race implements AutoCloseable {
    /** Longest wait for anything in a contract. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private final ExecutorService threads;

    Race(String name) {
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A task that may throw. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** Runs all tasks to their end; the first failure is rethrown. */
    void run(Task... tasks) {
        run(DEADLINE, List.of(tasks));
    }

    /** Runs all tasks to their end, waiting at most the given time for each; the first failure is rethrown. */
    void run(Duration deadline, List<Task> tasks) {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        List<Future<?>> running = new ArrayList<>();
        for (Task task : tasks) {
            running.add(threads.submit(() -> {
                start.await(DEADLINE.toSeconds(), TimeUnit.SECONDS);
                task.run();
                return task;
            }));
        }
        for (Future<?> future : running) {
            await(future, deadline);
        }
    }

    /** The result of a future, waiting at most {@link #DEADLINE}; a failure is rethrown as an assertion error. */
    static <T> T await(Future<T> future) {
        return await(future, DEADLINE);
    }

    private static <T> T await(Future<T> future, Duration deadline) {
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + deadline, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Burns up to the given number of turns, so that two tasks meet at changing moments. */
    static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
