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
    private final @Nullable GenerationEnd generation;
    private final Lifecycle lifecycle;
    private final TimeSource time;

    /** Without positions and an end there is no log, and every write is applied when its token exists. */
    Tokens(
            String nodeId,
            Sequencer sequencer,
            @Nullable PositionTracker positions,
            @Nullable GenerationEnd generation,
            Lifecycle lifecycle,
            TimeSource time) {
        this.nodeId = nodeId;
        this.sequencer = sequencer;
        this.positions = positions;
        this.generation = generation;
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
        sequencer.requireReached();
        if (!token.generation().equals(sequencer.generation())) {
            throw new IllegalArgumentException(
                    "token of generation='" + token.generation() + "', this node has '" + sequencer.generation() + "'");
        }
        PositionTracker tracker = positions;
        GenerationEnd end = generation;
        if (tracker == null || end == null) {
            return;
        }
        requireGoesOn(token, end);
        for (int partition : token.offsets().keySet()) {
            if (partition >= sequencer.partitions()) {
                throw new IllegalArgumentException(
                        "token for partition=" + partition + ", the log has partitions=" + sequencer.partitions());
            }
        }
        lifecycle.enter();
        CompletableFuture<Void> applied = tracker.await(token.offsets());
        try {
            CompletableFuture<Object> either = CompletableFuture.anyOf(applied, end.ended());
            new CallerExecutor(Runnable::run).await(either, Durations.nanos(timeout), time);
            requireGoesOn(token, end);
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

    /** Once its generation has ended, a token is another generation's, whatever the node moves to. */
    private static void requireGoesOn(WriteToken token, GenerationEnd end) {
        if (end.hasEnded()) {
            throw new IllegalArgumentException(
                    "token of generation='" + token.generation() + "', which has ended at this node");
        }
    }
}
