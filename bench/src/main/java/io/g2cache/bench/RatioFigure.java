package io.g2cache.bench;

import java.util.concurrent.Callable;

/**
 * How many times the peer's time ours is.
 *
 * @param name what is measured, and beside what
 * @param target the most that it should be
 * @param contest opens the contest
 */
record RatioFigure(String name, double target, Callable<? extends Contest> contest) implements Figure {
    @Override
    public double measure() throws Exception {
        try (Contest open = contest.call()) {
            return new Paired(open).ratio();
        }
    }
}
