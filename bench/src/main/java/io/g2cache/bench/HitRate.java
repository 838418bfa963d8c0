package io.g2cache.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Hits in percent of a trace on caches of one capacity.
 *
 * @param trace what was replayed
 * @param share the capacity as a share of the distinct keys
 * @param capacity entries
 * @param optimum the most that there can be
 * @param caffeine of the library
 * @param leastRecentlyUsed of that order
 * @param ours of our tier off the heap
 */
record HitRate(
        Trace trace,
        double share,
        int capacity,
        double optimum,
        double caffeine,
        double leastRecentlyUsed,
        double ours) {
    static final List<Double> SHARES = List.of(0.01, 0.05, 0.2);

    /** Replays a trace at every capacity. */
    static List<HitRate> of(Trace trace) {
        List<HitRate> rates = new ArrayList<>();
        for (double share : SHARES) {
            int capacity = trace.capacity(share);
            rates.add(new HitRate(
                    trace,
                    share,
                    capacity,
                    Replay.optimum(trace, capacity),
                    Replay.caffeine(trace, capacity),
                    Replay.leastRecentlyUsed(trace, capacity),
                    Replay.ours(trace, capacity)));
        }
        return rates;
    }

    /** Points that ours is above Caffeine's. */
    double lead() {
        return ours - caffeine;
    }

    boolean reachesTarget() {
        return lead() >= -trace.target();
    }
}
