package io.g2cache.internal;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits until this node has applied the writes that tokens prove. Thread-safe. */
final class Tokens {
    private final String nodeId;
    private final Sequencer sequencer;
    private final @Nullable PositionTracker positions;
    private final Lifecycle lifecycle;
    private final TimeSource time;

    /** Without positions there is no log, and every write is applied when its token exists. */
    Tokens(
            String nodeId,
            Sequencer sequencer,
            @Nullable PositionTracker positions,
            Lifecycle lifecycle,
            TimeSource time) {
        this.nodeId = nodeId;
        this.sequencer = sequencer;
        this.positions = positions;
        this.lifecycle = lifecycle;
        this.time = time;
    }

    /** See {@link io.g2cache.G2Node#awaitToken}. */
    void await(WriteToken token, Duration timeout) {
        lifecycle.requireOpen();
        if (token.isQueued()) {
            throw new SyncLogException(
                    Outcome.FAILED, "the write of " + token + " is queued at its node, and not in the log yet");
        }
        if (!token.generation().equals(sequencer.generation())) {
            throw new IllegalArgumentException(
                    "token of generation='" + token.generation() + "', this node has '" + sequencer.generation() + "'");
        }
        PositionTracker tracker = positions;
        if (tracker == null) {
            return;
        }
        for (int partition : token.offsets().keySet()) {
            if (partition >= sequencer.partitions()) {
                throw new IllegalArgumentException(
                        "token for partition=" + partition + ", the log has partitions=" + sequencer.partitions());
            }
        }
        lifecycle.enter();
        CompletableFuture<Void> applied = tracker.await(token.offsets());
        try {
            new CallerExecutor(Runnable::run).await(applied, Durations.nanos(timeout), time);
        } catch (TimeoutException e) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    "the write of " + token + " did not arrive at node=" + nodeId + " within " + timeout,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.FAILED, "interrupted while waiting for " + token, e);
        } finally {
            applied.cancel(false);
            lifecycle.exit();
        }
    }
}
