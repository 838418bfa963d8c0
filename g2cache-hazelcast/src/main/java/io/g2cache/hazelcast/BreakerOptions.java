package io.g2cache.hazelcast;

import java.time.Duration;

/**
 * When the shared tier is taken to be away, and how it is found back. While it is away, calls of caches end at once with a
 * {@link io.g2cache.TierAwayException}, but for single probes. Immutable; made from {@link #DEFAULTS} by the {@code with}
 * methods, which check what they are given.
 *
 * @param failures so many of the last calls have failed, timed out or were slow; 1 to {@code calls}, default 10; 0 for never
 * @param calls how many of the last calls are looked at, 1 to 10,000; default 20
 * @param slowCall from which duration on an answered call counts as slow, 1 ms to 1 min; for each started thousand of keys in a
 *     bulk read; default 500 ms
 * @param pause how long it is not called between two probes, 10 ms to 10 min; default 1 s
 */
public record BreakerOptions(int failures, int calls, Duration slowCall, Duration pause) {
    private static final int MOST_CALLS = 10_000;

    /** The defaults. */
    public static final BreakerOptions DEFAULTS =
            new BreakerOptions(10, 20, Duration.ofMillis(500), Duration.ofSeconds(1));

    /** The tier is always called. */
    public static final BreakerOptions OFF = DEFAULTS.withFailures(0, 1);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException that names the value and its limits
     */
    public BreakerOptions {
        Checks.inRange("calls", calls, 1, MOST_CALLS);
        Checks.inRange("failures", failures, 0, calls);
        Checks.inRange("slowCall", slowCall, Duration.ofMillis(1), Duration.ofMinutes(1));
        Checks.inRange("pause", pause, Duration.ofMillis(10), Duration.ofMinutes(10));
    }

    /** The same with other numbers of failures and calls. */
    public BreakerOptions withFailures(int ofThem, int lastCalls) {
        return new BreakerOptions(ofThem, lastCalls, slowCall, pause);
    }

    /** The same with another duration of slow calls. */
    public BreakerOptions withSlowCall(Duration value) {
        return new BreakerOptions(failures, calls, value, pause);
    }

    /** The same with another pause between probes. */
    public BreakerOptions withPause(Duration value) {
        return new BreakerOptions(failures, calls, slowCall, value);
    }
}
