package io.g2cache.internal;

import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A node's connection to its log: where it starts to read, catching up to the end as of the start, and how far behind it
 * is. Thread-safe.
 */
final class LogSide {
    private final SyncLog log;
    private final PositionTracker positions;
    private final EventApplier applier;
    private final String nodeId;
    private final TimeSource time;
    private final LogPosition end;
    private final AppendDeadlines appends;
    private final LimitedLog failures;
    private volatile long lagEvents;
    private volatile long freshAsOfNanos;
    private @Nullable CompletableFuture<?> asking;

    LogSide(
            SyncLog log,
            PositionTracker positions,
            EventApplier applier,
            String nodeId,
            TimeSource time,
            LogPosition end,
            AppendDeadlines appends) {
        this.log = log;
        this.positions = positions;
        this.applier = applier;
        this.nodeId = nodeId;
        this.time = time;
        this.end = end;
        this.appends = appends;
        this.failures = new LimitedLog(LoggerFactory.getLogger(LogSide.class), time);
        this.freshAsOfNanos = time.monotonicNanos();
        this.lagEvents = positions.lag(end);
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

    /** Writes a probe, and waits until it was read back and everything before the start's end was applied. */
    void catchUp(Lifecycle lifecycle, Duration timeout) {
        lifecycle.become(NodeState.CATCHING_UP);
        long deadline = time.monotonicNanos() + timeout.toNanos();
        long probed = get(log.append(0, new Event.Probe(nodeId)), timeout, "probe");
        Map<Integer, Long> last = new HashMap<>();
        for (int p = 0; p < end.partitions(); p++) {
            last.put(p, end.offset(p) - 1);
        }
        last.merge(0, probed, Math::max);
        Duration left = Duration.ofNanos(Math.max(1, deadline - time.monotonicNanos()));
        get(positions.await(last), left, "replay to " + end + " and probe at offset=" + probed);
        if (applier.probesSeen() == 0) {
            throw new SyncLogException(
                    Outcome.FAILED, "the probe at partition=0 offset=" + probed + " was written but not read back");
        }
        lagEvents = 0;
        freshAsOfNanos = time.monotonicNanos();
    }

    /** Ends appends that are overdue. */
    void expireAppends() {
        appends.expire();
    }

    /** Asks the log for its end, unless an answer is still due. One thread at a time. */
    void ask() {
        if (asking != null && !asking.isDone()) {
            return;
        }
        long sent = time.monotonicNanos();
        CompletableFuture<Void> ends = log.endOffsets().thenAccept(now -> {
            lagEvents = positions.lag(now);
            if (lagEvents == 0) {
                freshAsOfNanos = sent;
            }
        });
        asking = ends.whenComplete((done, failure) -> {
            if (failure != null) {
                failures.warn("the log does not answer", failure);
            }
        });
    }

    long lagEvents() {
        return lagEvents;
    }

    /** The wall-clock moment as of which this node has read the whole log. */
    long freshAsOfMillis() {
        return time.wallMillis() - lagMillis();
    }

    long lagMillis() {
        return TimeUnit.NANOSECONDS.toMillis(time.monotonicNanos() - freshAsOfNanos);
    }
}
