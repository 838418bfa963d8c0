package io.g2cache.internal;

/**
 * Whether the local tier of a cache may be believed. Closed until what it has kept over a restart is up to date; a freshness
 * proof moves {@code closesAt} on from there.
 *
 * <p>Concurrency: one thread writes, any thread reads; the hot path pays one volatile read and one comparison.
 */
final class ServingGate {
    private volatile long closesAtMillis = Long.MIN_VALUE;

    /** Whether local hits may be served at this wall-clock time. */
    boolean isOpen(long nowMillis) {
        return nowMillis < closesAtMillis;
    }

    /** The tier accounts for every event that was in the log when the cache was opened, or there is no log. */
    void open() {
        closesAtMillis = Long.MAX_VALUE;
    }
}
