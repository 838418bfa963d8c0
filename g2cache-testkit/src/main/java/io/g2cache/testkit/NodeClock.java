package io.g2cache.testkit;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node's clocks on the time of all: its wall clock may be set, and its machine may have slept, of which the monotonic
 * clock knows nothing. Thread-safe.
 */
public final class NodeClock implements TimeSource {
    private final FakeTime time;
    private final AtomicLong setMillis = new AtomicLong();
    private final AtomicLong sleptNanos = new AtomicLong();

    /** Clocks that show the time of all. */
    NodeClock(FakeTime time) {
        this.time = time;
    }

    @Override
    public long wallMillis() {
        return time.wallMillis() + setMillis.get();
    }

    @Override
    public long monotonicNanos() {
        return time.monotonicNanos() - sleptNanos.get();
    }

    /** Sets the wall clock alone, forwards or backwards, as an operator or NTP does. */
    public void setWall(Duration by) {
        setMillis.addAndGet(by.toMillis());
    }

    /**
     * The machine has slept for this part of the time that has just passed: the monotonic clock stands where it stood before.
     *
     * @throws IllegalArgumentException if the time is negative: the monotonic clock never goes back
     */
    public void slept(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time=" + time + " must not be negative");
        }
        sleptNanos.addAndGet(time.toNanos());
    }

    /** By how much the wall clock was set in all. */
    public Duration wallSetBy() {
        return Duration.ofMillis(setMillis.get());
    }

    @Override
    public String toString() {
        return "NodeClock[wallSetMillis=" + setMillis + ", sleptMillis="
                + TimeUnit.NANOSECONDS.toMillis(sleptNanos.get()) + "]";
    }
}
