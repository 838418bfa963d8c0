package io.g2cache.kafka.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Reads durations and moments of the command line. */
final class Times {
    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    /** Longer ones would overflow what is computed with them. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Times() {}

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}, or ISO such as {@code PT1H30M}. */
    static Duration duration(String text) {
        Duration value = parsed(text);
        if (value == null || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new TypeConversionException(
                    "'" + text + "' must be a duration such as 500ms, 10s, 5m, 2h, 7d or PT1H30M, at most 36500d");
        }
        return value;
    }

    private static @Nullable Duration parsed(String text) {
        Matcher simple = SIMPLE.matcher(text);
        if (simple.matches()) {
            long count = Long.parseLong(simple.group(1));
            return switch (simple.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
        try {
            return text.startsWith("P") ? Duration.parse(text) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** A duration before now, or an ISO time with its zone such as {@code 2026-11-22T17:00:00Z}. */
    static TimePoint timePoint(String text) {
        Duration ago = parsed(text);
        if (ago != null) {
            return new TimePoint(null, duration(text));
        }
        try {
            Instant at = OffsetDateTime.parse(text).toInstant();
            return new TimePoint(Instant.ofEpochMilli(at.toEpochMilli()), null);
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("'" + text
                    + "' must be a time such as 2026-11-22T17:00:00Z, or how long ago it was, such as 10m or 2h");
        }
    }
}
