package io.g2cache.bench;

import java.util.List;

/** The group {@code tiers}: what a write costs, as multiples of the parts that it consists of. */
final class TierFigures {
    private static final double MOST = 1.2;

    private TierFigures() {}

    /** In the order in which they are measured. */
    static List<Figure> all() {
        return List.of(
                write("put", WriteContest.Kind.PUT),
                write("put that publishes its value", WriteContest.Kind.PUBLISH),
                write("invalidate", WriteContest.Kind.INVALIDATE));
    }

    private static Figure write(String what, WriteContest.Kind kind) {
        return new RatioFigure(what + " / log append and out tier write", MOST, () -> new WriteContest(kind));
    }
}
