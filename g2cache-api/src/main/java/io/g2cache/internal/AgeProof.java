package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Proves how stale a tier is that is still being brought up to date: it accounts for everything that is older than an age
 * if the replay has passed the first event that is not. Half of what the user allows is asked for, so that the proof holds
 * for the other half. Used by the replay's thread.
 */
final class AgeProof {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final SyncLog log;
    private final ServingGate gate;
    private final TimeSource time;
    private final Duration limit;
    private final Duration age;
    private long dueNanos;
    private Moment asked;
    private @Nullable CompletableFuture<LogPosition> asking;

    AgeProof(SyncLog log, ServingGate gate, TimeSource time, Duration limit) {
        this.log = log;
        this.gate = gate;
        this.time = time;
        this.limit = limit;
        this.age = limit.dividedBy(2);
        this.asked = Moment.now(time);
        this.dueNanos = asked.monotonicNanos();
    }

    /** Asks where it is due, and opens the gate where the answer allows it. */
    void tick(Replay replay) {
        CompletableFuture<LogPosition> answer = asking;
        if (answer == null) {
            if (time.monotonicNanos() - dueNanos >= 0) {
                asked = Moment.now(time);
                dueNanos = asked.monotonicNanos() + EVERY_NANOS;
                asking = log.positionBefore(age);
            }
            return;
        }
        if (!answer.isDone()) {
            return;
        }
        if (answer.isCompletedExceptionally()) {
            asking = null;
        } else if (replay.hasReached(answer.join())) {
            asking = null;
            long now = time.wallMillis();
            gate.tierIsFresh(now, age.toMillis() + asked.elapsedMillis(time, now), limit.toMillis());
        }
    }
}
