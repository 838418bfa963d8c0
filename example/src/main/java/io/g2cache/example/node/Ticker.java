package io.g2cache.example.node;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs steps again and again on one daemon thread of its own. A step that throws is logged and runs again next time.
 * Thread-safe.
 */
public final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final String name;
    private final ScheduledExecutorService thread;

    /** A ticker whose thread has the given name. */
    public Ticker(String name) {
        this.name = name;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            return created;
        });
    }

    /** Runs the step after each pause. */
    public Ticker every(Duration pause, Runnable step) {
        ScheduledFuture<?> future =
                thread.scheduleWithFixedDelay(() -> run(step), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        if (future.isCancelled()) {
            throw new IllegalStateException(name + " is closed");
        }
        return this;
    }

    private void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("a step of {} failed", name, e);
        }
    }

    /** Interrupts the step under way, runs none any more, and waits a moment for it to end. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("{} did not stop within seconds=2", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
