package io.g2cache.example.demo;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits with a deadline. Stateless. */
final class Waiting {
    private Waiting() {}

    /** Lets the time pass. */
    static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailedException("interrupted", e);
        }
    }

    /** Asks again and again, with the given pause, until it is so. */
    static void until(String what, Duration timeout, Duration pause, BooleanSupplier condition) {
        long start = TimeSource.SYSTEM.monotonicNanos();
        while (!condition.getAsBoolean()) {
            if (TimeSource.SYSTEM.monotonicNanos() - start > timeout.toNanos()) {
                throw new DemoFailedException(what + ": not within timeout=" + timeout);
            }
            pause(pause);
        }
    }
}
