package io.g2cache.kafka.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How numbers, sizes, times and foreign text are shown. */
final class Text {
    private static final String[] BYTE_UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final long[] UNIT_SECONDS = {86_400, 3_600, 60, 1};
    private static final String UNIT_NAMES = "dhms";

    private Text() {}

    /** With separators of thousands. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** With a binary unit. */
    static String bytes(long value) {
        if (value < 1024) {
            return value + " B";
        }
        double scaled = value / 1024.0;
        int unit = 0;
        while (scaled >= 1024 && unit < BYTE_UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", scaled, BYTE_UNITS[unit]);
    }

    /** Its two greatest units; milliseconds where it is shorter than a second. */
    static String duration(Duration value) {
        long seconds = value.toSeconds();
        if (seconds < 1) {
            return Math.max(0, value.toMillis()) + "ms";
        }
        StringBuilder text = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < UNIT_SECONDS.length && shown < 2; i++) {
            long units = seconds / UNIT_SECONDS[i];
            seconds %= UNIT_SECONDS[i];
            if (units > 0) {
                text.append(units).append(UNIT_NAMES.charAt(i));
            }
            shown += units > 0 || shown > 0 ? 1 : 0;
        }
        return text.toString();
    }

    /** ISO, UTC. */
    static String time(long wallMillis) {
        return Instant.ofEpochMilli(wallMillis).toString();
    }

    /** The text without what would steer a terminal or break the line. */
    static String printable(String text) {
        if (text.codePoints().allMatch(Text::isPrintable)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format("\\u%04x", c));
            }
        });
        return shown.toString();
    }

    private static boolean isPrintable(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED;
    }

    /** The first characters, and a sign where there are more. */
    static String shortened(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end) + "…";
    }
}
