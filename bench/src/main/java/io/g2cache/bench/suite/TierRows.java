package io.g2cache.bench.suite;

import io.g2cache.bench.NodeBenchmark;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;

/** Rows that leave the JVM: a real broker and a Hazelcast member answer. */
final class TierRows {
    private static final int SET_UP_SECONDS = 8;
    private static final Side OURS = Side.ours("all modules");

    private TierRows() {}

    static List<Row> all() {
        Side map = Side.peer("IMap get alone");
        Side parts = Side.peer("log append, then out tier");
        return List.of(
                row("miss to the out tier", OURS, "outHit"),
                row("miss to the out tier", map, "plainRead"),
                row("write", Side.ours("put, invalidating"), "put"),
                row("write", Side.ours("invalidate"), "invalidate"),
                row("write", parts, "plainWrite"),
                sampled("single put", OURS, "put"),
                sampled("single put", parts, "plainWrite"));
    }

    private static Row row(String thing, Side side, String method) {
        return Row.of(Group.TIERS, thing, side, NodeBenchmark.class, method, Map.of())
                .timed(Mode.AverageTime, TimeUnit.MICROSECONDS)
                .settingUp(SET_UP_SECONDS);
    }

    private static Row sampled(String thing, Side side, String method) {
        return row(thing, side, method).timed(Mode.SampleTime, TimeUnit.MICROSECONDS);
    }
}
