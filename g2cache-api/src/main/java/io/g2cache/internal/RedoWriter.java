package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns doubts about the out tier into redos in the log, one for each partition. Every node that sees the same event has the
 * same doubt: a redo that another node has written since covers it. A node writes at most once in {@link #INTERVAL}; a doubt that
 * comes earlier waits, and the tier is not trusted meanwhile.
 *
 * <p>Concurrency: the monitor guards everything; doubts come from any thread, redos from the tailer, {@link #step} from the
 * housekeeper. Calls of the log are made outside it.
 */
final class RedoWriter {
    static final Duration INTERVAL = Duration.ofSeconds(5);
    static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(RedoWriter.class);

    private final SyncLog log;
    private final String nodeId;
    private final OutTrust trust;
    private final AppendDeadlines appends;
    private final TimeSource time;
    private final LimitedLog failures;
    private final PastRedos past = new PastRedos();
    private boolean isDoubted;
    private long sinceMillis = Long.MAX_VALUE;
    private long doubts;
    private long notBeforeNanos;
    private @Nullable CompletableFuture<?> waiting;
    private @Nullable Plan plan;

    /** What is still to be covered: from and end by partition, and those that are covered. */
    private static final class Plan {
        private final LogPosition from;
        private final LogPosition end;
        private final boolean[] covered;

        Plan(LogPosition from, LogPosition end) {
            this.from = from.min(end);
            this.end = end;
            this.covered = new boolean[end.partitions()];
        }

        boolean isDone() {
            for (boolean one : covered) {
                if (!one) {
                    return false;
                }
            }
            return true;
        }
    }

    RedoWriter(
            SyncLog log, String nodeId, OutTrust trust, AppendDeadlines appends, TimeSource time, LimitedLog failures) {
        this.log = log;
        this.nodeId = nodeId;
        this.trust = trust;
        this.appends = appends;
        this.time = time;
        this.failures = failures;
        this.notBeforeNanos = time.monotonicNanos();
    }

    /** The out tier is in doubt from this moment on. */
    synchronized void doubt(long since, String reason) {
        trust.doubtAll();
        isDoubted = true;
        doubts++;
        sinceMillis = Math.min(sinceMillis, since);
        plan = null;
        LOG.warn("node={} doubts the out tier since wallMillis={}: {}", nodeId, since, reason);
    }

    /** A redo was read. */
    synchronized void seen(int partition, long offset, Event.Redo redo) {
        past.seen(partition, offset, redo.from());
        Plan current = plan;
        if (current != null
                && offset >= current.end.offset(partition)
                && redo.from() <= current.from.offset(partition)
                && redo.to() >= current.end.offset(partition)) {
            cover(current, partition);
        }
    }

    private void cover(Plan current, int partition) {
        current.covered[partition] = true;
        trust.settled(partition);
        if (current.isDone()) {
            plan = null;
            isDoubted = false;
            sinceMillis = Long.MAX_VALUE;
            notBeforeNanos = time.monotonicNanos() + INTERVAL.toNanos();
        }
    }

    /** Goes on with what is in doubt: first the range is found out, in a later cycle what nobody else has written is written. */
    void step() {
        Plan current;
        long asked;
        long since;
        synchronized (this) {
            past.committed(trust.committed(), time.wallMillis());
            boolean isBusy = waiting != null && !waiting.isDone();
            if (!isDoubted || isBusy || time.monotonicNanos() - notBeforeNanos < 0) {
                return;
            }
            current = plan;
            asked = doubts;
            since = sinceMillis;
        }
        CompletableFuture<?> call = current == null ? range(since, asked) : write(current);
        synchronized (this) {
            waiting = call;
        }
    }

    private CompletableFuture<?> range(long since, long asked) {
        CompletableFuture<LogPosition> end = log.endOffsets();
        CompletableFuture<LogPosition> from = since == OutDoubts.EVERYTHING
                ? CompletableFuture.completedFuture(LogPosition.all(log.partitions(), 0))
                : log.positionBefore(Duration.ofMillis(Math.max(0, time.wallMillis() - since))
                        .plus(MARGIN));
        return end.thenAcceptBoth(from, (e, f) -> planned(f, e, since, asked)).whenComplete(this::ended);
    }

    private synchronized void planned(LogPosition from, LogPosition end, long since, long asked) {
        if (asked == doubts) {
            long suspect = since == OutDoubts.EVERYTHING ? since : since - MARGIN.toMillis();
            long[] widened = new long[end.partitions()];
            for (int p = 0; p < widened.length; p++) {
                widened[p] = past.from(p, from.offset(p), suspect);
            }
            plan = new Plan(LogPosition.of(widened), end);
        }
    }

    private CompletableFuture<?> write(Plan current) {
        CompletableFuture<?>[] written = new CompletableFuture<?>[current.covered.length];
        for (int p = 0; p < written.length; p++) {
            written[p] = isCovered(current, p) ? CompletableFuture.completedFuture(null) : write(current, p);
        }
        return CompletableFuture.allOf(written).whenComplete(this::ended);
    }

    private synchronized boolean isCovered(Plan current, int partition) {
        return current.covered[partition];
    }

    private CompletableFuture<?> write(Plan current, int partition) {
        Event redo = new Event.Redo(current.from.offset(partition), current.end.offset(partition), nodeId);
        return appends.bounded(log.append(partition, redo)).thenAccept(offset -> {
            trust.redo(partition, offset);
            written(current, partition, offset);
        });
    }

    private synchronized void written(Plan current, int partition, long offset) {
        past.seen(partition, offset, current.from.offset(partition));
        if (plan == current) {
            cover(current, partition);
        }
    }

    private void ended(@Nullable Object done, @Nullable Throwable failure) {
        if (failure != null) {
            failures.warn("a redo was not written and is tried again; the out tier is not trusted meanwhile", failure);
        }
    }
}
