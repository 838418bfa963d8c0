package io.g2cache.it.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries a plan out. Each fault has a thread of its own that waits for its time; a lock for each part keeps a fault from
 * beginning while an earlier one of the same part is still being undone; a fault whose time has passed by then is left out. Used by
 * one thread.
 */
final class Nemesis {
    private static final long LIMIT_SECONDS = 120;

    private final World world;
    private final Plan plan;
    private final Map<Part, ReentrantLock> lanes = new ConcurrentHashMap<>();

    Nemesis(World world, Plan plan) {
        this.world = world;
        this.plan = plan;
    }

    /** Returns when everything is undone: what has happened. */
    List<Strike> run() throws InterruptedException, ExecutionException, TimeoutException {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "nemesis");
            thread.setDaemon(true);
            return thread;
        });
        long start = System.nanoTime();
        try {
            List<Future<Optional<Strike>>> faults = new ArrayList<>();
            for (int i = 0; i < plan.rounds().size(); i++) {
                int round = i;
                for (Fault fault : plan.rounds().get(i).faults()) {
                    faults.add(threads.submit(() -> strike(round, fault, start)));
                }
            }
            long planned =
                    plan.rounds().stream().mapToLong(Plan.Round::end).max().orElse(0);
            List<Strike> strikes = new ArrayList<>();
            for (Future<Optional<Strike>> fault : faults) {
                fault.get(planned + TimeUnit.SECONDS.toMillis(LIMIT_SECONDS), TimeUnit.MILLISECONDS)
                        .ifPresent(strikes::add);
            }
            return strikes;
        } finally {
            threads.shutdownNow();
        }
    }

    private Optional<Strike> strike(int round, Fault fault, long start) throws Exception {
        sleepUntil(start + TimeUnit.MILLISECONDS.toNanos(fault.begin()));
        ReentrantLock lane = lanes.computeIfAbsent(fault.part(), part -> new ReentrantLock());
        lane.lockInterruptibly();
        long end = start + TimeUnit.MILLISECONDS.toNanos(fault.end());
        try {
            if (System.nanoTime() > end) {
                return Optional.empty();
            }
            world.inflict(fault);
            long began = System.nanoTime();
            sleepUntil(end);
            long undoing = System.nanoTime();
            world.undo(fault);
            return Optional.of(new Strike(round, fault, began, undoing, System.nanoTime()));
        } finally {
            lane.unlock();
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, nanos - System.nanoTime()));
    }
}
