package io.g2cache.chronicle;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Runs work on files that an interrupt of the caller must not break: channels close themselves under an interrupted thread,
 * ours and Chronicle's. The work has deadlines of its own.
 */
final class OwnThread {
    private OwnThread() {}

    /** Runs the task on a daemon thread, waits for it, and returns what it returns or throws. */
    static <R> R call(String name, Supplier<R> task) {
        FutureTask<R> result = new FutureTask<>(task::get);
        Thread thread = new Thread(result, name);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw PlatformThreads.rethrown(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
