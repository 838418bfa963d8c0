package io.g2cache.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * A trace that is read or made when it is wanted.
 *
 * @param name short and unique
 * @param target the most points of hit rate that ours should be below Caffeine's
 * @param accesses yields the keys, as any numbers, the same in every call
 */
record TraceSource(String name, double target, Callable<long[]> accesses) {
    /** Longer traces are cut. */
    static final int LIMIT = 1_000_000;

    /** What a trace may fall behind Caffeine. */
    static final double USUAL = 1;

    /** What a loop may fall behind Caffeine: of a part of the keys, asked for in turn, no order of eviction is right. */
    static final double LOOP = 6;

    Trace read() throws Exception {
        return Trace.of(name, target, accesses.call(), LIMIT);
    }

    /** Made ones first, then those that somebody recorded, as far as they are at hand. */
    static List<TraceSource> all() {
        return Stream.concat(new SyntheticTraces(LIMIT, LIMIT / 10).all().stream(), PublicTraces.all().stream())
                .toList();
    }
}
