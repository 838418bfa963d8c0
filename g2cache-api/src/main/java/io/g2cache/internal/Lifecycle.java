package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import java.time.Duration;

/** The state of a node, and the calls under way. Thread-safe; the monitor guards changes of the state. */
final class Lifecycle implements CallGate {
    private final String nodeId;
    private final CallCount calls = new CallCount();
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
        calls.close();
        return first;
    }

    @Override
    public void requireOpen() {
        if (state == NodeState.CLOSED) {
            throw closed();
        }
    }

    private NodeClosedException closed() {
        return new NodeClosedException("node=" + nodeId + " is closed");
    }

    @Override
    public void enter() {
        if (!calls.enter()) {
            throw closed();
        }
    }

    @Override
    public void exit() {
        calls.exit();
    }

    /** Waits until no call is under way; returns how many still are. */
    int awaitIdle(Duration timeout) {
        return calls.awaitIdle(timeout);
    }
}
