package io.g2cache.bench;

import java.util.List;

/**
 * How many points of hit rate ours is below Caffeine's, where it is worst: at 1, 5 or 20 % of the keys of a trace.
 *
 * @param source the trace
 */
record HitRateFigure(TraceSource source) implements Figure {
    /** One for each trace that is at hand. */
    static List<HitRateFigure> all() {
        return TraceSource.all().stream().map(HitRateFigure::new).toList();
    }

    @Override
    public String name() {
        return "hit rate, points below Caffeine: " + source.name();
    }

    @Override
    public double target() {
        return source.target();
    }

    @Override
    public double measure() throws Exception {
        Trace trace = source.read();
        double worst = 0;
        for (double share : HitRate.SHARES) {
            int capacity = trace.capacity(share);
            worst = Math.max(worst, Replay.caffeine(trace, capacity) - Replay.ours(trace, capacity));
        }
        return worst;
    }
}
