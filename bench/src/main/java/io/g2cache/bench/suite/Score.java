package io.g2cache.bench.suite;

import java.util.Map;

/**
 * What all forks of a row came to.
 *
 * @param value the mean
 * @param error half of the interval that holds the mean with a probability of 99.9 %; not a number where there are too few data
 * @param unit unit of value and error
 * @param samples how many data there were
 * @param percentiles by their names such as {@code p99}; empty where single calls were not timed
 * @param secondary further means by name, such as bytes allocated by a call
 */
record Score(
        double value,
        double error,
        String unit,
        long samples,
        Map<String, Double> percentiles,
        Map<String, Double> secondary) {
    /** Bytes allocated by a call. */
    static final String ALLOCATED = "gc.alloc.rate.norm";

    private static final double PERCENT = 100;

    Score {
        percentiles = Map.copyOf(percentiles);
        secondary = Map.copyOf(secondary);
    }

    /** The error in percent of the value; not a number where there is none. */
    double errorPercent() {
        return PERCENT * error / value;
    }
}
