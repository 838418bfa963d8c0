package io.g2cache.bench.sheet;

import org.jspecify.annotations.Nullable;

/**
 * One number about one of those who are compared.
 *
 * @param subject whose it is
 * @param name what it says
 * @param value the number; null where it could not be had
 * @param unit its unit; may be empty
 * @param note what has to be known of it; may be empty
 */
public record Reading(String subject, String name, @Nullable Double value, String unit, String note) {
    /** What a table says above it. */
    String column() {
        return unit.isEmpty() ? name : name + ", " + unit;
    }

    /** What a table says of it. */
    String cell() {
        return value == null ? note : Numbers.of(value);
    }
}
