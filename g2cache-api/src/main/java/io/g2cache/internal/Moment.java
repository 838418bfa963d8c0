package io.g2cache.internal;

import io.g2cache.spi.TimeSource;
import java.util.concurrent.TimeUnit;

/**
 * A moment by both clocks. What has elapsed since then is the greater of what they say: the monotonic clock stands still
 * while the machine sleeps, the wall clock may be set back. Immutable.
 */
record Moment(long wallMillis, long monotonicNanos) {
    static Moment now(TimeSource time) {
        return new Moment(time.wallMillis(), time.monotonicNanos());
    }

    boolean isAfter(Moment other) {
        return monotonicNanos - other.monotonicNanos > 0;
    }

    /** Milliseconds since this moment, rounded up; never negative. */
    long elapsedMillis(TimeSource time) {
        return elapsedMillis(time, time.wallMillis());
    }

    /** The same, where the wall clock was read just now. */
    long elapsedMillis(TimeSource time, long nowMillis) {
        long monotonic = TimeUnit.NANOSECONDS.toMillis(time.monotonicNanos() - monotonicNanos + 999_999);
        return Math.max(0, Math.max(nowMillis - wallMillis, monotonic));
    }
}
