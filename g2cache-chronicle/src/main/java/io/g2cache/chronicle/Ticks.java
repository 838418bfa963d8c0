package io.g2cache.chronicle;

/**
 * Wall-clock times in 32 bits, for the eviction's own arrays: units of 4,096 ms since the epoch. A deadline is rounded up
 * and the present down, so that nothing counts as expired too early.
 */
final class Ticks {
    /** Before every deadline. */
    static final int NEVER = Integer.MIN_VALUE;

    private static final int SHIFT = 12;

    private Ticks() {}

    static int deadline(long millis) {
        return clamp((millis >> SHIFT) + 1);
    }

    static int now(long millis) {
        return clamp(millis >> SHIFT);
    }

    private static int clamp(long ticks) {
        return (int) Math.max(Integer.MIN_VALUE + 1, Math.min(Integer.MAX_VALUE - 1, ticks));
    }
}
