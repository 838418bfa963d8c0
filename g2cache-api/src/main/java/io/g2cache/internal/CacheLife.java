package io.g2cache.internal;

import io.g2cache.CacheClosedException;
import java.time.Duration;

/**
 * Whether one cache is open, and the calls of it that are under way, which are calls of its node, too. Thread-safe.
 */
final class CacheLife implements CallGate {
    private final Lifecycle node;
    private final String cache;
    private final CallCount calls = new CallCount();

    CacheLife(Lifecycle node, String cache) {
        this.node = node;
        this.cache = cache;
    }

    /** Throws if the node is closed; costs one volatile read. */
    void requireNodeOpen() {
        node.requireOpen();
    }

    @Override
    public void requireOpen() {
        node.requireOpen();
        if (calls.isClosed()) {
            throw closed(cache);
        }
    }

    /** What callers of a closed cache get. */
    static CacheClosedException closed(String cache) {
        return new CacheClosedException("cache=" + cache + " is closed; it can be opened again");
    }

    /** Whether the cache itself was closed, whatever its node does. */
    boolean isClosed() {
        return calls.isClosed();
    }

    @Override
    public void enter() {
        node.enter();
        if (!calls.enter()) {
            node.exit();
            throw closed(cache);
        }
    }

    @Override
    public void exit() {
        calls.exit();
        node.exit();
    }

    /** Closes for new calls. */
    void close() {
        calls.close();
    }

    /** Waits, once it is closed, until no call is under way; returns how many still are. */
    int awaitIdle(Duration timeout) {
        return calls.awaitIdle(timeout);
    }
}
