package io.g2cache.it.chaos;

import java.util.List;

/**
 * What the check of a history came to. Immutable.
 *
 * @param findings promises that were broken
 * @param staleReads reads, within the bound, of a value that an acknowledged write had superseded before they began
 * @param longestStaleness how long before the start of such a read that write was acknowledged, at most, in nanoseconds
 * @param stepsBack reads that showed an older value than an earlier read of the same node, which is not promised away
 * @param latePuts reads of a value whose put had an unknown outcome and came after newer writes
 * @param staleness the reads that were stale
 */
record Verdict(
        List<Finding> findings,
        long staleReads,
        long longestStaleness,
        long stepsBack,
        long latePuts,
        List<StaleRead> staleness) {
    Verdict {
        findings = List.copyOf(findings);
        staleness = List.copyOf(staleness);
    }

    /**
     * A read of a superseded value.
     *
     * @param time when it began, in nanoseconds
     * @param age how long the newer write had been acknowledged, in nanoseconds
     */
    record StaleRead(long time, long age) {}
}
