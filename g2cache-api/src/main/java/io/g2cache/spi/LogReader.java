package io.g2cache.spi;

import java.time.Duration;

/**
 * Reads the log as a duty cycle, apart from any thread. Not thread-safe: one thread at a time polls, commits and closes;
 * {@link #wakeUp()} may be called from any thread.
 */
public interface LogReader extends AutoCloseable {
    /**
     * Hands new events over and returns how many there were; waits at most the given time for the first.
     *
     * @throws io.g2cache.SyncLogException if the log refuses; a log that is merely away yields no events. Whatever the
     *     handler throws passes through, and the next poll starts again at the event it was thrown for
     */
    int poll(Duration maxWait, LogHandler handler);

    /**
     * Commits durably everything handed over so far, for a reader of {@link SyncLog#materialiser()}; partitions that have
     * been lost meanwhile are left out.
     *
     * @throws io.g2cache.SyncLogException if it could not be committed; the events will be handed over again
     * @throws UnsupportedOperationException on a reader that tails
     */
    void commit();

    /** Makes a waiting {@link #poll} return soon. Thread-safe. */
    void wakeUp();

    /** Releases the connection, bounded in time. Idempotent. */
    @Override
    void close();
}
