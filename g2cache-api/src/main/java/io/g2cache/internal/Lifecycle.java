package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The state of a node, and the calls under way.
 *
 * <p>Concurrency: any thread. A call is counted before the state is looked at, so that either the call sees that the node
 * is closed, or closing sees the call.
 */
final class Lifecycle {
    private final String nodeId;
    private final AtomicInteger calls = new AtomicInteger();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile NodeState state = NodeState.STARTING;

    Lifecycle(String nodeId) {
        this.nodeId = nodeId;
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
}
