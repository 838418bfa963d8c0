package io.g2cache.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many points of hit rate ours is below Caffeine's, where it is worst: at 1, 5 or 20 % of the keys of a trace. Tiers of fewer
 * than 100 entries are measured and told, but not judged.
 */
final class HitRateFigure implements Figure {
    private static final int FEWEST_JUDGED = 100;

    private final TraceSource source;
    private List<String> tiny = List.of();

    /** The figure of a trace. */
    HitRateFigure(TraceSource source) {
        this.source = source;
    }

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
    public String note() {
        return tiny.isEmpty() ? "" : "not judged: " + String.join(", ", tiny);
    }

    @Override
    public double measure() throws Exception {
        Trace trace = source.read();
        List<String> told = new ArrayList<>();
        double worst = 0;
        for (double share : HitRate.SHARES) {
            int capacity = trace.capacity(share);
            double below = Replay.caffeine(trace, capacity) - Replay.ours(trace, capacity);
            if (capacity < FEWEST_JUDGED) {
                told.add(String.format(Locale.ROOT, "%.2f at %d entries", below, capacity));
            } else {
                worst = Math.max(worst, below);
            }
        }
        tiny = told;
        return worst;
    }
}
