package io.g2cache.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Keeps tasks until a test runs them, in order or in an order of a seed, or refuses them as a full executor does.
 *
 * <p>Concurrency: the monitor of this object guards the queue; tasks run outside it, on the thread that runs them. What a
 * task throws reaches that thread.
 */
public final class ManualExecutor implements Executor {
    private final List<Runnable> tasks = new ArrayList<>();
    private int capacity = Integer.MAX_VALUE;
    private boolean atOnce;

    /** Creates an executor without a bound. */
    public ManualExecutor() {}

    @Override
    public void execute(Runnable task) {
        if (!isKept(task)) {
            task.run();
        }
    }

    private synchronized boolean isKept(Runnable task) {
        if (!atOnce && tasks.size() >= capacity) {
            throw new RejectedExecutionException("waiting=" + tasks.size() + " capacity=" + capacity);
        }
        return !atOnce && tasks.add(task);
    }

    /** Whether tasks run in their caller from now on, as a thread needs that waits for one. Tasks that wait already stay. */
    public synchronized void runAtOnce(boolean value) {
        atOnce = value;
    }

    /** How many tasks may wait from now on; 0 refuses everything. Tasks that wait already stay. */
    public synchronized void capacity(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("capacity=" + most + " must not be negative");
        }
        capacity = most;
    }

    /** How many tasks wait. */
    public synchronized int waiting() {
        return tasks.size();
    }

    /** Runs the oldest task. Returns whether there was one. */
    public boolean runNext() {
        Runnable task;
        synchronized (this) {
            if (tasks.isEmpty()) {
                return false;
            }
            task = tasks.remove(0);
        }
        task.run();
        return true;
    }

    /** Runs any of the waiting tasks. Returns whether there was one. */
    public boolean runAny(Random random) {
        Runnable task;
        synchronized (this) {
            if (tasks.isEmpty()) {
                return false;
            }
            task = tasks.remove(random.nextInt(tasks.size()));
        }
        task.run();
        return true;
    }

    /**
     * Runs tasks in order, those included that they add, until none waits.
     *
     * @return how many ran
     * @throws IllegalStateException after 1,000,000 tasks, which can only be a loop
     */
    public int runAll() {
        int ran = 0;
        while (runNext()) {
            ran++;
            if (ran == 1_000_000) {
                throw new IllegalStateException("ran=" + ran + " and still waiting=" + waiting());
            }
        }
        return ran;
    }
}
