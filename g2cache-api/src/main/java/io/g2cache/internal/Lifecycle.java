package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The state of a node, the calls under way, and waiting for write tokens.
 *
 * <p>Concurrency: any thread. A call is counted before the state is looked at, so that either the call sees that the node
 * is closed, or closing sees the call.
 */
final class Lifecycle {
    private final String nodeId;
    private final Sequencer sequencer;
    private final @Nullable PositionTracker positions;
    private final TimeSource time;
    private final AtomicInteger calls = new AtomicInteger();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile NodeState state = NodeState.STARTING;

    Lifecycle(String nodeId, Sequencer sequencer, @Nullable PositionTracker positions, TimeSource time) {
        this.nodeId = nodeId;
        this.sequencer = sequencer;
        this.positions = positions;
        this.time = time;
    }

    NodeState state() {
        return state;
    }

    /** Moves on; a closed node stays closed. */
    synchronized void become(NodeState next) {
        if (state != NodeState.CLOSED) {
            state = next;
        }
    }

    /** Closes for new calls; returns false if it was closed before. */
    synchronized boolean close() {
        boolean first = state != NodeState.CLOSED;
        state = NodeState.CLOSED;
        if (calls.get() == 0) {
            idle.complete(null);
        }
        return first;
    }

    void requireOpen() {
        if (state == NodeState.CLOSED) {
            throw new NodeClosedException("node=" + nodeId + " is closed");
        }
    }

    /** A call begins, which must {@link #exit}. */
    void enter() {
        calls.incrementAndGet();
        if (state == NodeState.CLOSED) {
            exit();
            throw new NodeClosedException("node=" + nodeId + " is closed");
        }
    }

    /** A call has ended. */
    void exit() {
        if (calls.decrementAndGet() == 0 && state == NodeState.CLOSED) {
            idle.complete(null);
        }
    }

    /** Waits until no call is under way; returns how many still are. */
    int awaitIdle(Duration timeout) {
        try {
            idle.get(Durations.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return calls.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the idle signal never fails", e);
        }
        return calls.get();
    }

    /** See {@link io.g2cache.G2Node#awaitToken}. */
    void awaitToken(WriteToken token, Duration timeout) {
        requireOpen();
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
        enter();
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
            exit();
        }
    }
}
