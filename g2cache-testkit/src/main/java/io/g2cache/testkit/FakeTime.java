package io.g2cache.testkit;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that moves only when told to. Thread-safe. */
public final class FakeTime implements TimeSource {
    private final AtomicLong wallMillis;
    private final AtomicLong monotonicNanos = new AtomicLong();

    /** Starts at the given wall-clock milliseconds. */
    public FakeTime(long wallMillis) {
        this.wallMillis = new AtomicLong(wallMillis);
    }

    @Override
    public long wallMillis() {
        return wallMillis.get();
    }

    @Override
    public long monotonicNanos() {
        return monotonicNanos.get();
    }

    /**
     * Moves both clocks on; the wall clock by whole milliseconds.
     *
     * @throws IllegalArgumentException if the time is negative: the monotonic clock never goes back
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time=" + time + " must not be negative");
        }
        wallMillis.addAndGet(time.toMillis());
        monotonicNanos.addAndGet(time.toNanos());
    }

    /** Sets the wall clock alone, as an operator or NTP does. */
    public void wallMillis(long millis) {
        wallMillis.set(millis);
    }

    /** Moves the wall clock alone, as it moves while the machine sleeps. */
    public void suspend(Duration time) {
        wallMillis.addAndGet(time.toMillis());
    }

    @Override
    public String toString() {
        return "FakeTime[wallMillis=" + wallMillis + ", monotonicNanos=" + monotonicNanos + "]";
    }
}
