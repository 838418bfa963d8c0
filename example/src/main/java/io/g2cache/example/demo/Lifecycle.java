package io.g2cache.example.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Makes sure that all that was started ends: at the end of a run, on Ctrl-C or SIGTERM at any time, and at the limit of
 * the run's time. Thread-safe: whoever comes first closes the cluster; the shutdown hook waits for it in the other case.
 */
final class Lifecycle implements AutoCloseable {
    private static final int HALT_SECONDS = 25;

    private final Cluster cluster;
    private final Console console;
    private final Thread hook = new Thread(this::endedByUser, "demo-end");

    Lifecycle(Console console) throws IOException {
        this.console = console;
        this.cluster = new Cluster();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Cluster cluster() {
        return cluster;
    }

    /** Ends the run with status 1 if it takes longer. */
    void endAfter(Duration limit) {
        daemon("demo-limit", () -> {
            sleep(limit);
            console.line("failed: not done within limit=%s", limit);
            System.exit(1);
        });
    }

    private void endedByUser() {
        console.silence();
        daemon("demo-halt", () -> {
            sleep(Duration.ofSeconds(HALT_SECONDS));
            Runtime.getRuntime().halt(1);
        });
        close();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void sleep(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        cluster.close();
    }
}
