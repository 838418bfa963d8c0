package io.g2cache.bench.suite;

import io.g2cache.PublishMode;
import io.g2cache.bench.NodeBenchmark;
import io.g2cache.bench.PartsBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;

/** Rows that leave the JVM: a real broker and a Hazelcast member answer. */
final class TierRows {
    private static final int SET_UP_SECONDS = 8;
    private static final String PUT = "put";
    private static final Side OURS = Side.ours("all modules");
    private static final Side TAGGED = Side.ours("all modules, tagged");
    private static final Side MAP = Side.peer("IMap alone");
    private static final Side PARTS = Side.peer("log append, then out tier");

    private final List<Row> rows = new ArrayList<>();

    private TierRows() {}

    static List<Row> all() {
        TierRows tiers = new TierRows();
        tiers.addReads();
        tiers.addWrites();
        return List.copyOf(tiers.rows);
    }

    private void addReads() {
        ours("miss to the out tier", OURS, "outHit", Map.of());
        ours("miss to the out tier", TAGGED, "outHit", Map.of("tagged", "true"));
        peers("miss to the out tier", MAP, "get");
        ours("bulk miss of 100 to the out tier", OURS, "outHits", Map.of());
        peers("bulk miss of 100 to the out tier", MAP, "getAll");
        ours("load through all tiers", OURS, "load", Map.of());
        peers("load through all tiers", MAP, "getThenSet");
    }

    private void addWrites() {
        ours("put, telling the change", OURS, PUT, Map.of());
        peers("put, telling the change", PARTS, PUT);
        for (PublishMode mode : PublishMode.values()) {
            if (mode.carriesValues()) {
                Side side = mode == PublishMode.VALUE ? OURS : Side.ours("all modules, to holders");
                ours("put, telling the value", side, PUT, Map.of("publish", mode.name()));
            }
        }
        peers("put, telling the value", PARTS, "publish");
        ours("invalidate", OURS, "invalidate", Map.of());
        peers("invalidate", PARTS, "invalidate");
        ours("invalidate a tag", TAGGED, "invalidateTag", Map.of("tagged", "true"));
        ours("clear", OURS, "clear", Map.of());
        rows.add(row("single put", OURS, NodeBenchmark.class, PUT, Map.of(), Mode.SampleTime));
        rows.add(row("single put", PARTS, PartsBenchmark.class, PUT, Map.of(), Mode.SampleTime));
    }

    private void ours(String thing, Side side, String method, Map<String, String> params) {
        rows.add(row(thing, side, NodeBenchmark.class, method, params, Mode.AverageTime));
    }

    private void peers(String thing, Side side, String method) {
        rows.add(row(thing, side, PartsBenchmark.class, method, Map.of(), Mode.AverageTime));
    }

    private static Row row(
            String thing, Side side, Class<?> benchmark, String method, Map<String, String> params, Mode mode) {
        return Row.of(Group.TIERS, thing, side, benchmark, method, params)
                .timed(mode, TimeUnit.MICROSECONDS)
                .settingUp(SET_UP_SECONDS);
    }
}
