package io.g2cache;

import java.time.Duration;

/** Checks of what builders are given. */
final class Limits {
    /** An unproven second is not yet stale: the log is asked twice a second. */
    private static final Duration LEAST_STALENESS = Duration.ofSeconds(2);

    private static final Duration MOST_STALENESS = Duration.ofDays(3650);

    private Limits() {}

    static Duration inRange(String what, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + "=" + value + " must be from " + least + " to " + most);
        }
        return value;
    }

    static Duration staleness(String what, Duration value) {
        return inRange(what, value, LEAST_STALENESS, MOST_STALENESS);
    }
}
