package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of one partition once more. What retention has deleted of it can only concern entries that have expired, and
 * is left out. After a failure it goes on where it was. Used by one thread.
 */
final class RangeReader implements LogHandler, AutoCloseable {
    private final SyncLog log;
    private final int partition;
    private final long to;
    private final LogHandler handler;
    private long position;
    private @Nullable CompletableFuture<LogPosition> start;
    private @Nullable LogReader reader;

    RangeReader(SyncLog log, int partition, long from, long to, LogHandler handler) {
        this.log = log;
        this.partition = partition;
        this.position = from;
        this.to = to;
        this.handler = handler;
    }

    int partition() {
        return partition;
    }

    /** The next offset. */
    long position() {
        return position;
    }

    /** Whether the range was handed over. */
    boolean isDone() {
        return position >= to;
    }

    /**
     * Hands over what one poll yields.
     *
     * @return the number of events
     */
    int poll(Duration maxWait) {
        try {
            LogReader open = opened();
            return open == null || isDone() ? 0 : open.poll(maxWait, this);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The log's start is asked for first, without waiting. */
    private @Nullable LogReader opened() {
        if (reader == null && !isDone()) {
            CompletableFuture<LogPosition> asked = start == null ? log.startOffsets() : start;
            start = asked;
            if (asked.isDone()) {
                start = null;
                position = Math.max(position, asked.join().offset(partition));
                reader = isDone() ? null : log.tail(partition, position);
            }
        }
        return reader;
    }

    @Override
    public void onEvent(int p, long offset, Event event) {
        if (offset < to) {
            handler.onEvent(p, offset, event);
        }
        position = Math.max(position, offset + 1);
    }

    @Override
    public void onPosition(int p, long next) {
        position = Math.max(position, next);
    }

    @Override
    public void onGap(int p, long next, String reason) {
        handler.onGap(p, next, reason);
        position = Math.max(position, next);
    }

    @Override
    public void close() {
        LogReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
