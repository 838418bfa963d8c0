package io.g2cache.internal;

import io.g2cache.CatchUp;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's way to the log's end as of its start. A probe that is written and read back shows that the node reads what it
 * writes.
 *
 * <p>Concurrency: begun by one thread, which may wait; reports come from one thread at a time; progress is read by any.
 */
final class StartUp {
    private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);
    private static final Duration REPORT = Duration.ofMillis(500);
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final SyncLog log;
    private final PositionTracker positions;
    private final EventApplier applier;
    private final Freshness freshness;
    private final GenerationEnd generation;
    private final Moment asked;
    private final LogPosition end;
    private final long total;
    private final String nodeId;
    private final TimeSource time;
    private final @Nullable Consumer<CatchUp> listener;
    private volatile CompletableFuture<Void> reached = new CompletableFuture<>();
    private volatile String probe = "no probe yet";
    private volatile boolean done;
    private volatile boolean isAwaited;
    private long loggedNanos;
    private boolean reportedEnd;

    /** The end, as asked for at that moment. */
    StartUp(
            SyncLog log,
            PositionTracker positions,
            EventApplier applier,
            Freshness freshness,
            GenerationEnd generation,
            Moment asked,
            LogPosition end,
            String nodeId,
            TimeSource time,
            @Nullable Consumer<CatchUp> listener) {
        this.log = log;
        this.positions = positions;
        this.applier = applier;
        this.freshness = freshness;
        this.generation = generation;
        this.asked = asked;
        this.end = end;
        this.total = positions.lag(end);
        this.nodeId = nodeId;
        this.time = time;
        this.listener = listener;
        this.loggedNanos = time.monotonicNanos();
    }

    /** Writes the probe. The action runs once when everything is applied, on the tailer's thread or at once. */
    void begin(Runnable action) {
        probe = "the probe is not acknowledged";
        reached = log.append(0, new Event.Probe(nodeId)).thenCompose(probed -> {
            probe = "probe at offset=" + probed + " of partition=0";
            return positions.await(until(probed)).thenRun(() -> ended(probed, action));
        });
    }

    private Map<Integer, Long> until(long probed) {
        Map<Integer, Long> last = new HashMap<>(LogSide.newestBelow(end));
        last.merge(0, probed, Math::max);
        return last;
    }

    private void ended(long probed, Runnable action) {
        if (applier.probesSeen() == 0) {
            throw new SyncLogException(
                    Outcome.FAILED, "the probe at partition=0 offset=" + probed + " was written but not read back");
        }
        freshness.proven(asked);
        done = true;
        action.run();
    }

    /**
     * Waits for the end, and reports meanwhile.
     *
     * @throws SyncLogException if it was not reached in time, or failed
     */
    void await(Duration timeout) {
        isAwaited = true;
        try {
            awaitEnd(timeout);
        } finally {
            isAwaited = false;
        }
    }

    private void awaitEnd(Duration timeout) {
        long left = timeout.toNanos();
        CompletableFuture<?> either = CompletableFuture.anyOf(reached, generation.ended());
        while (!either.isDone()) {
            if (left <= 0) {
                throw new SyncLogException(
                        Outcome.FAILED,
                        "the log was not replayed to " + end + " within " + timeout + ": " + probe + ", " + progress());
            }
            long pause = Math.min(left, REPORT.toNanos());
            pause(either, pause);
            left -= pause;
            report();
        }
        if (generation.ended().isDone()) {
            throw generation.ended().join();
        }
        LogSide.get(reached, REPORT, "replay to " + end);
    }

    private static void pause(CompletableFuture<?> either, long nanos) {
        try {
            either.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The caller looks at what has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.FAILED, "interrupted while the log was replayed", e);
        }
    }

    /** For a node that nobody waits for: reports, and begins again where the log has refused the probe. */
    void tick(Runnable action) {
        if (reportedEnd || isAwaited) {
            return;
        }
        reportedEnd = done;
        if (reached.isCompletedExceptionally() && !generation.hasEnded()) {
            LOG.warn("node={} begins again to catch up: {}", nodeId, failure(reached));
            begin(action);
        }
        report();
    }

    private static String failure(CompletableFuture<?> failed) {
        return String.valueOf(failed.handle((value, e) -> e == null ? null : Failures.origin(e))
                .join());
    }

    private void report() {
        CatchUp now = progress();
        if (listener != null) {
            try {
                listener.accept(now);
            } catch (RuntimeException e) {
                LOG.warn("the listener of the catch-up failed", e);
            }
        }
        if (!done && time.monotonicNanos() - loggedNanos >= LOG_NANOS) {
            loggedNanos = time.monotonicNanos();
            LOG.info("node={} catches up: {}", nodeId, now);
        }
    }

    /** How far it is. */
    CatchUp progress() {
        long left = positions.lag(end);
        return new CatchUp(
                total - left, left, Duration.ofNanos(Math.max(0, time.monotonicNanos() - asked.monotonicNanos())));
    }

    boolean isDone() {
        return done;
    }
}
