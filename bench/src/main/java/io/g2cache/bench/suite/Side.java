package io.g2cache.bench.suite;

/**
 * Who does the work of a row.
 *
 * @param name as tables show it
 * @param isOurs whether it is ours
 */
public record Side(String name, boolean isOurs) {
    /** A library of others. */
    public static Side peer(String name) {
        return new Side(name, false);
    }

    /** A set-up of ours. */
    public static Side ours(String name) {
        return new Side("g2cache " + name, true);
    }
}
