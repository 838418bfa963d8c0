package io.g2cache.internal;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What a node asks its log for again and again: the end, which proves how fresh the node is. Thread-safe.
 *
 * <p>The end is asked for at a moment; once the tailer has applied everything below it, the node is fresh as of that moment,
 * however much was written since.
 */
final class LogSide {
    /** Ends that were asked for and are not reached yet; a tailer that is slow for long must not collect them. */
    private static final int MOST_UNREACHED = 8;

    private final SyncLog log;
    private final PositionTracker positions;
    private final Freshness freshness;
    private final GenerationEnd generation;
    private final AppendDeadlines appends;
    private final TimeSource time;
    private final LimitedLog failures;
    private final AtomicInteger unreached = new AtomicInteger();
    private volatile long lagEvents;
    private @Nullable CompletableFuture<?> asking;
    private long unaskedMillis;

    LogSide(
            SyncLog log,
            PositionTracker positions,
            Freshness freshness,
            GenerationEnd generation,
            AppendDeadlines appends,
            TimeSource time) {
        this.log = log;
        this.positions = positions;
        this.freshness = freshness;
        this.generation = generation;
        this.appends = appends;
        this.time = time;
        this.failures = new LimitedLog(LoggerFactory.getLogger(LogSide.class), time);
    }

    /**
     * Where a node without a checkpoint starts: early enough that every event which may not have reached the out tier yet,
     * and every event within the fence window, is seen.
     */
    static LogPosition start(SyncLog log, Duration fenceWindow, boolean hasOutTier, Duration timeout) {
        LogPosition window = get(log.positionBefore(fenceWindow), timeout, "position before " + fenceWindow);
        return hasOutTier ? window.min(get(log.committed(), timeout, "committed offsets")) : window;
    }

    /** Waits for an answer of the log. */
    static <T> T get(CompletableFuture<T> answer, Duration timeout, String what) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SyncLogException(Outcome.FAILED, "the log did not answer within " + timeout + ": " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.FAILED, "interrupted while waiting for the log: " + what, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SyncLogException own
                    ? own
                    : new SyncLogException(Outcome.FAILED, "the log failed: " + what, e);
        }
    }

    /** The newest offset below the end, by partition; partitions that hold nothing are left out. */
    static Map<Integer, Long> newestBelow(LogPosition end) {
        Map<Integer, Long> newest = new HashMap<>();
        for (int p = 0; p < end.partitions(); p++) {
            if (end.offset(p) > 0) {
                newest.put(p, end.offset(p) - 1);
            }
        }
        return newest;
    }

    /** Ends appends that are overdue, sets the gates by the clocks, and asks the log where a proof is due. One thread at a time, in every cycle of the upkeep. */
    void tick() {
        appends.expire();
        freshness.tick();
        unaskedMillis += NodeStarter.HOUSEKEEPING.toMillis();
        if (generation.isContradicted() || unaskedMillis >= freshness.pauseMillis()) {
            ask();
        }
    }

    private void ask() {
        if (generation.hasEnded() || (asking != null && !asking.isDone())) {
            return;
        }
        unaskedMillis = 0;
        Moment asked = Moment.now(time);
        LogPosition applied = positions.snapshot();
        LogPosition claimed = generation.claimed();
        CompletableFuture<Void> ends = log.endOffsets().thenAccept(end -> {
            if (generation.requireReaches(end, applied, claimed)) {
                answered(asked, end);
            }
        });
        asking = ends.whenComplete((done, failure) -> {
            if (failure != null) {
                generation.inspect(failure);
                failures.warn("the log does not answer", failure);
            }
        });
    }

    private void answered(Moment asked, LogPosition end) {
        lagEvents = positions.lag(end);
        if (unreached.incrementAndGet() > MOST_UNREACHED) {
            unreached.decrementAndGet();
            return;
        }
        var unused = positions.await(newestBelow(end)).whenComplete((reached, failure) -> {
            unreached.decrementAndGet();
            if (failure == null && !generation.hasEnded()) {
                freshness.proven(asked);
            }
        });
    }

    long lagEvents() {
        return lagEvents;
    }
}
