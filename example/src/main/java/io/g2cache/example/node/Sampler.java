package io.g2cache.example.node;

import io.g2cache.CacheStats;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.spi.TimeSource;
import java.util.List;

/**
 * Turns counters into figures of the last second. One thread calls {@link #sample}; the latest sample may be read by all.
 */
public final class Sampler {
    private final G2Node node;
    private final Latencies latencies;
    private long sampledAt = TimeSource.SYSTEM.monotonicNanos();
    private Totals before = new Totals(0, 0, 0);
    private volatile Sample latest = new Sample(0, 0, 0, 0, 0, 0);

    /** Samples the node's caches. */
    public Sampler(G2Node node, Latencies latencies) {
        this.node = node;
        this.latencies = latencies;
    }

    private record Totals(long reads, long local, long out) {}

    /**
     * Figures between two samples. Rates are parts from 0 to 1, and 0 where nothing was read.
     *
     * @param getsPerSecond reads per second
     * @param localHitRate answered by the local tier
     * @param outHitRate answered by the out tier
     * @param sourceRate went to the source
     * @param p50Micros median
     * @param p99Micros 99th percentile
     */
    public record Sample(
            double getsPerSecond,
            double localHitRate,
            double outHitRate,
            double sourceRate,
            double p50Micros,
            double p99Micros) {}

    /** Takes a sample. */
    public void sample() {
        long now = TimeSource.SYSTEM.monotonicNanos();
        List<CacheStats> stats = node.caches().stream().map(G2Cache::stats).toList();
        Totals totals = new Totals(
                stats.stream().mapToLong(CacheStats::reads).sum(),
                stats.stream().mapToLong(CacheStats::localHits).sum(),
                stats.stream().mapToLong(CacheStats::outHits).sum());
        latest = between(before, totals, (now - sampledAt) / 1e9, latencies.next());
        before = totals;
        sampledAt = now;
    }

    private static Sample between(Totals before, Totals after, double seconds, Latencies.Interval times) {
        long reads = after.reads() - before.reads();
        double each = reads == 0 ? 0 : 1.0 / reads;
        double local = (after.local() - before.local()) * each;
        double out = (after.out() - before.out()) * each;
        double source = reads == 0 ? 0 : Math.max(0, 1 - local - out);
        return new Sample(reads / seconds, local, out, source, times.p50Micros(), times.p99Micros());
    }

    /** The latest sample. */
    public Sample latest() {
        return latest;
    }
}
