package io.g2cache;

import java.util.Map;

/**
 * What a cache has counted since it was opened. Immutable.
 *
 * @param cache name of the cache
 * @param localHits reads answered by the local tier
 * @param localMisses reads the local tier could not answer
 * @param outHits reads answered by the out tier
 * @param outMisses reads the out tier could not answer
 * @param loads loads that ended with a value or null
 * @param loadFailures loads that threw
 * @param loadNanos time spent in loads, nanoseconds
 * @param evictions entries the local tier dropped to make room
 * @param estimatedSize about how many entries the local tier holds
 * @param counters everything else, by the lower-case name of its counter
 */
public record CacheStats(
        String cache,
        long localHits,
        long localMisses,
        long outHits,
        long outMisses,
        long loads,
        long loadFailures,
        long loadNanos,
        long evictions,
        long estimatedSize,
        Map<String, Long> counters) {

    /** Copies the counters. */
    public CacheStats {
        counters = Map.copyOf(counters);
    }

    /** Reads of the cache: local hits and misses together. */
    public long reads() {
        return localHits + localMisses;
    }

    /** Part of the reads that the local tier answered, 0 to 1; 0 where nothing was read. */
    public double localHitRate() {
        return rate(localHits);
    }

    /** Part of the reads that the out tier answered, 0 to 1; 0 where nothing was read. */
    public double outHitRate() {
        return rate(outHits);
    }

    /** Part of the reads that no tier answered, 0 to 1; 0 where nothing was read. */
    public double sourceRate() {
        return rate(Math.max(0, localMisses - outHits));
    }

    /** A counter by its lower-case name, such as {@code fill_rejected}; 0 if it has never counted. */
    public long counter(String name) {
        return counters.getOrDefault(name, 0L);
    }

    private double rate(long part) {
        return reads() == 0 ? 0 : (double) part / reads();
    }
}
