package io.g2cache.bench.suite;

import io.g2cache.bench.LogBenchmark;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;

/** Rows of the log alone: its reader, and what is done with an event. */
final class LogRows {
    private static final int SET_UP_SECONDS = 12;
    private static final String APPLY = "event applied";

    private LogRows() {}

    static List<Row> all() {
        return List.of(
                replay(Side.ours("reader"), "replay"),
                replay(Side.peer("plain consumer"), "plainReplay"),
                row(APPLY, Side.ours("off-heap"), "apply"),
                row(APPLY, Side.peer("Chronicle Map put"), "plainPut"));
    }

    private static Row replay(Side side, String method) {
        return row("replay of 200k events", side, method)
                .timed(Mode.SingleShotTime, TimeUnit.MILLISECONDS)
                .settingUp(SET_UP_SECONDS);
    }

    private static Row row(String thing, Side side, String method) {
        return Row.of(Group.LOG, thing, side, LogBenchmark.class, method, Map.of());
    }
}
