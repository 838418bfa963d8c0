package io.g2cache;

import java.time.Duration;

/**
 * How long a value lives: from the soft limit on it is obsolete (still served, and refreshed behind the caller's back),
 * from the hard limit on it is expired (never served). Immutable.
 *
 * @param soft time until it is obsolete, at least 1 ms
 * @param hard time until it is expired, at least {@code soft}
 * @param jitter part of both by which they are shortened at random, from 0 up to but not including 1, so that values
 *     loaded together do not all expire together
 */
public record Lifetime(Duration soft, Duration hard, double jitter) {
    /** The hard limit is this many soft ones where only the soft one is given. */
    public static final int LAZY_FACTOR = 32;

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * Checks the limits.
     *
     * @throws InvalidLifetimeException if a limit is below 1 ms or above 100 years, the soft one is above the hard one, or
     *     the jitter is out of range
     */
    public Lifetime {
        requireInRange("soft", soft);
        requireInRange("hard", hard);
        if (soft.compareTo(hard) > 0) {
            throw new InvalidLifetimeException("soft=" + soft + " must not be above hard=" + hard);
        }
        if (!(jitter >= 0 && jitter < 1)) {
            throw new InvalidLifetimeException("jitter=" + jitter + " must be at least 0 and below 1");
        }
    }

    private static void requireInRange(String name, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
            throw new InvalidLifetimeException(name + "=" + value + " must be from PT0.001S to " + LONGEST);
        }
    }

    /** Obsolete after the given time, expired after {@link #LAZY_FACTOR} times that. */
    public static Lifetime of(Duration soft) {
        requireInRange("soft", soft);
        Duration hard = soft.multipliedBy(LAZY_FACTOR);
        return new Lifetime(soft, hard.compareTo(LONGEST) > 0 ? LONGEST : hard, 0);
    }

    /** Obsolete and expired after the given times. */
    public static Lifetime of(Duration soft, Duration hard) {
        return new Lifetime(soft, hard, 0);
    }

    /** Expired after the given time and never obsolete before. */
    public static Lifetime hard(Duration hard) {
        return new Lifetime(hard, hard, 0);
    }

    /** The same limits with another jitter. */
    public Lifetime withJitter(double newJitter) {
        return new Lifetime(soft, hard, newJitter);
    }
}
