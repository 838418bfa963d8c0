package io.g2cache.example.demo;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits with a deadline. Stateless. */
final class Waiting {
    private Waiting() {}

    /** Lets the time pass. */
    static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailedException("interrupted", e);
        }
    }

    /** Asks again and again, with the given pause, until it is so. */
    static void until(String what, Duration timeout, Duration pause, BooleanSupplier condition) {
        long start = TimeSource.SYSTEM.monotonicNanos();
        while (!condition.getAsBoolean()) {
            if (TimeSource.SYSTEM.monotonicNanos() - start > timeout.toNanos()) {
                throw new DemoFailedException(what + ": not within timeout=" + timeout);
            }
            pause(pause);
        }
    }

    /** Starts a task on a daemon thread of its own. */
    static <T> CompletableFuture<T> start(String thread, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread started = new Thread(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                },
                thread);
        started.setDaemon(true);
        started.start();
        return result;
    }

    /** The result of a task, or its failure. */
    static <T> T result(String what, CompletableFuture<T> task, Duration timeout) {
        try {
            return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailedException("interrupted", e);
        } catch (ExecutionException e) {
            throw new DemoFailedException(what + " failed", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new DemoFailedException(what + ": not within timeout=" + timeout, e);
        }
    }
}
