package io.g2cache.internal;

import java.time.Duration;

/**
 * Until when the local tier of a cache may be believed. Closed until what it has kept over a restart is up to date; from
 * then on each proof of freshness moves the moment on at which it closes, and no thread has to run for it to close.
 *
 * <p>Concurrency: {@link Freshness} renews under its monitor, the cache's owner opens, any thread reads; the hot path pays one
 * volatile read and one comparison with the clock value that it needs anyway.
 */
final class ServingGate {
    private final long maximumMillis;
    private volatile long closesAtMillis = Long.MIN_VALUE;
    private volatile boolean retired;
    private boolean follows;

    /** A gate for entries that may be at most this stale. */
    ServingGate(Duration maxStaleness) {
        this.maximumMillis = maxStaleness.toMillis();
    }

    /** How stale entries may be at most. */
    long maximumMillis() {
        return maximumMillis;
    }

    /** Whether local hits may be served at this wall-clock time. */
    boolean isOpen(long nowMillis) {
        return nowMillis < closesAtMillis;
    }

    /** There is no log: nothing can become stale by an event that this node has not heard of. */
    synchronized void openForever() {
        if (!retired) {
            closesAtMillis = Long.MAX_VALUE;
        }
    }

    /**
     * The tier accounts for every event that this node has applied: from now on it is as fresh as the node, whatever was
     * proven of it before.
     */
    synchronized void follow() {
        follows = true;
        closesAtMillis = Long.MIN_VALUE;
    }

    /** Never opens again: the history of the log has ended, or the cache was closed. */
    synchronized void retire() {
        retired = true;
        closesAtMillis = Long.MIN_VALUE;
    }

    boolean isRetired() {
        return retired;
    }

    /** The node has applied everything that was in the log {@code elapsedMillis} ago. */
    synchronized void nodeIsFresh(long nowMillis, long elapsedMillis) {
        if (follows) {
            renew(nowMillis, maximumMillis - elapsedMillis);
        }
    }

    /**
     * The tier, which is being brought up to date, accounts for everything that was in the log {@code elapsedMillis} ago, and
     * may be served until that is {@code limitMillis}.
     */
    synchronized void tierIsFresh(long nowMillis, long elapsedMillis, long limitMillis) {
        if (!follows) {
            renew(nowMillis, limitMillis - elapsedMillis);
        }
    }

    private void renew(long nowMillis, long leftMillis) {
        if (!retired) {
            closesAtMillis = leftMillis <= 0 ? Long.MIN_VALUE : nowMillis + leftMillis;
        }
    }

    /** Whether the tier is up to date but may not be served, because freshness was not proven in time. */
    synchronized boolean isStale(long nowMillis) {
        return follows && !isOpen(nowMillis);
    }

    /** Whether the tier is still being brought up to date. */
    synchronized boolean isBehind() {
        return !follows && closesAtMillis != Long.MAX_VALUE;
    }
}
