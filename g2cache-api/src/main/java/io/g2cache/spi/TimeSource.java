package io.g2cache.spi;

import java.util.concurrent.TimeUnit;

/**
 * The one place where the product asks for the time. Clocks decide deadlines and durations, never an order.
 *
 * <p>Thread-safe; neither method blocks.
 */
public interface TimeSource {
    /** The time source of the machine. */
    TimeSource SYSTEM = new TimeSource() {
        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }

        @Override
        public String toString() {
            return "TimeSource.SYSTEM";
        }
    };

    /** Milliseconds since the epoch; may jump in either direction. */
    long wallMillis();

    /** Nanoseconds since an arbitrary origin; never goes back, may stand still while the machine sleeps. */
    long monotonicNanos();

    /** Milliseconds since an arbitrary origin; never goes back. */
    default long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(monotonicNanos());
    }
}
