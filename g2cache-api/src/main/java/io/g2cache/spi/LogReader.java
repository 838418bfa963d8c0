package io.g2cache.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

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

    /**
     * The partitions that it reads now, each with the offset below which everything was handed over. A partition that was just
     * assigned may be missing until the next poll.
     */
    Map<Integer, Long> positions();

    /** From now on hands over nothing of these partitions, and again of all others. Those that it does not read are left out. */
    void hold(Set<Integer> partitions);

    /** Makes a waiting {@link #poll} return soon. Thread-safe. */
    void wakeUp();

    /** Releases the connection, bounded in time. Idempotent. */
    @Override
    void close();
}
