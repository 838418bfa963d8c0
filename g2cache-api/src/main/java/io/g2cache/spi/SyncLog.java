package io.g2cache.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The log of one deployment: the only order there is. Thread-safe. Futures complete within the log's own deadlines,
 * exceptionally with a {@link io.g2cache.SyncLogException}, and, as polls do, with a
 * {@link io.g2cache.GenerationEndedException} where the log is no longer the one that was opened; they may complete on the log's own thread, so whoever hangs
 * work on them moves it to another executor.
 */
public interface SyncLog extends AutoCloseable {
    /** Identifies the log's history; versions of two generations are never compared. ASCII letters, digits, '-', '_'. */
    String generation();

    /** The pinned partition count. */
    int partitions();

    /**
     * Appends an event durably and completes with its offset.
     *
     * <p>Fails with {@link io.g2cache.SyncLogException.Outcome#FAILED} if the event is definitely not in the log, and with
     * {@link io.g2cache.SyncLogException.Outcome#UNKNOWN} if it may or may not be, or may appear later. Events appended to
     * one partition by one thread keep their order.
     */
    CompletableFuture<Long> append(int partition, Event event);

    /** A reader of all partitions from the given position on, that stays open for long. */
    LogReader tail(LogPosition from);

    /** The same for a reader that is closed as soon as it has come to an end that is known; it need not idle cheaply. */
    default LogReader replay(LogPosition from) {
        return tail(from);
    }

    /** A reader of one partition from the given offset on, that is closed soon as well. */
    LogReader tail(int partition, long from);

    /**
     * A reader that shares the partitions with the readers of all other nodes, each partition having one reader at a time,
     * from the last commit on, or from the log's start where there is none.
     */
    LogReader materialiser();

    /**
     * The first offset that is still held of every partition, asked of the brokers now. The log sees to it that what retention
     * has deleted below can only concern entries that have expired.
     */
    CompletableFuture<LogPosition> startOffsets();

    /** The end of every partition, asked of the brokers now. */
    CompletableFuture<LogPosition> endOffsets();

    /** What the materialisers have committed; the log's start where nothing has been. */
    CompletableFuture<LogPosition> committed();

    /** The position of the first event that is not older than the given age, or the end where there is none. */
    CompletableFuture<LogPosition> positionBefore(Duration age);

    /**
     * Ends this generation durably, because the log was seen to have lost its end: every node hears of it, and whoever opens
     * the log then finds another generation. Of several announcements in one generation, only the first counts.
     *
     * <p>What was lost may have replaced values that are still in the log. Therefore readers of a later generation hand over each
     * event that was written in an earlier one {@linkplain Event#withoutValue() without its value}.
     *
     * @param evidence what was seen, with names and numbers
     */
    CompletableFuture<Void> announceTruncation(String evidence);

    /** Releases the connections, bounded in time. Idempotent. */
    @Override
    void close();
}
