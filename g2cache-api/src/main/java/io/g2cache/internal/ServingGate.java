package io.g2cache.internal;

/**
 * Whether this node's tiers may be believed. Closed while the log is replayed at the start; a freshness proof moves
 * {@code closesAt} on from there.
 *
 * <p>Concurrency: one thread writes, any thread reads; the hot path pays one volatile read and one comparison.
 */
final class ServingGate {
    private volatile long closesAtMillis = Long.MIN_VALUE;
    private volatile boolean outTrusted;

    /** Whether local hits may be served at this wall-clock time. */
    boolean isOpen(long nowMillis) {
        return nowMillis < closesAtMillis;
    }

    /** Whether values of the out tier may be used. */
    boolean isOutTrusted() {
        return outTrusted;
    }

    /** The log was read to its end as of the start, or there is none. */
    void open() {
        outTrusted = true;
        closesAtMillis = Long.MAX_VALUE;
    }
}
