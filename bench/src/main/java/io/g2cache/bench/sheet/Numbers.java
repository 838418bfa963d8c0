package io.g2cache.bench.sheet;

import java.util.Locale;

/** Numbers as tables show them. Stateless. */
public final class Numbers {
    private static final double LARGE = 1_000;
    private static final double MEDIUM = 100;
    private static final double SMALL = 10;

    private Numbers() {}

    /** With about three digits that count; a dash for what is no number. */
    public static String of(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        String format = size >= LARGE ? "%,.0f" : size >= MEDIUM ? "%.0f" : size >= SMALL ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
