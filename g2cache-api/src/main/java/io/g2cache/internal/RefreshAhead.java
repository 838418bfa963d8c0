package io.g2cache.internal;

import java.util.function.DoubleSupplier;

/**
 * How far ahead of its soft deadline a read takes an entry for obsolete, so that hot keys are refreshed before they are, by
 * one reader or another: a time drawn anew for each read, exponentially distributed around a load's duration. Nodes draw
 * for themselves, so they do not all refresh at once. This is XFetch of Vattani, Chierichetti and Lowenstein, "Optimal
 * Probabilistic Cache Stampede Prevention", VLDB 2015, with one difference: the duration is a moving average of the
 * cache's loads, not the last one of the key.
 *
 * <p>Concurrency: any thread. {@code averageNanos} is updated by a race that may lose a duration, which an average can
 * bear.
 */
final class RefreshAhead {
    private static final int SMOOTHING = 8;

    private final double beta;
    private final DoubleSupplier random;
    private volatile long averageNanos;

    /** The random source gives numbers from 0 up to but not including 1; a beta of 0 turns it off, 1 is the usual one. */
    RefreshAhead(double beta, DoubleSupplier random) {
        this.beta = beta;
        this.random = random;
    }

    /** Milliseconds for one read; 0 where it is off. */
    long millis() {
        return beta == 0 ? 0 : drawn();
    }

    private long drawn() {
        return Math.round(-Math.log(1 - random.getAsDouble()) * beta * averageNanos / 1e6);
    }

    /** A load took so long. */
    void loaded(long nanos) {
        if (beta != 0) {
            long average = averageNanos;
            averageNanos = average == 0 ? nanos : average + (nanos - average) / SMOOTHING;
        }
    }
}
