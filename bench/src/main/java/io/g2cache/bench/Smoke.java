package io.g2cache.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark for a few seconds, each in a JVM of its own, and prints a table. Too short for fine judgements. */
final class Smoke {
    /** Rows of the table; a row without a peer is one. */
    private enum Row {
        CAFFEINE("local hit: Caffeine get", LocalHitBenchmark.class, "caffeine", ""),
        ON_HEAP("local hit: node, on heap", LocalHitBenchmark.class, "onHeap", "caffeine"),
        GET_USING("local hit: Chronicle getUsing", LocalHitBenchmark.class, "plainChronicle", ""),
        OFF_HEAP("local hit: node, off heap", LocalHitBenchmark.class, "offHeap", "plainChronicle"),
        MAP_GET("out hit: IMap get", NodeBenchmark.class, "plainRead", ""),
        OUT_HIT("out hit: node, local miss", NodeBenchmark.class, "outHit", "plainRead"),
        PLAIN_WRITE("write: log append, then out tier", NodeBenchmark.class, "plainWrite", ""),
        PUT("write: node put", NodeBenchmark.class, "put", "plainWrite"),
        INVALIDATE("write: node invalidate", NodeBenchmark.class, "invalidate", "plainWrite");

        private final String title;
        private final String benchmark;
        private final String peer;

        Row(String title, Class<?> type, String method, String peer) {
            this.title = title;
            this.benchmark = type.getName() + "." + method;
            this.peer = peer.isEmpty() ? "" : type.getName() + "." + peer;
        }
    }

    private final PrintStream out;

    Smoke(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs all of it, in less than two minutes.
     *
     * @throws RunnerException if a benchmark could not be run
     */
    void run() throws RunnerException {
        Map<String, Result<?>> results = new TreeMap<>();
        for (Row row : Row.values()) {
            out.println("running: " + row.title);
            Collection<RunResult> runs = new Runner(options(row)).run();
            runs.forEach(run -> results.put(row.benchmark, run.getPrimaryResult()));
        }
        out.println();
        out.println(line("", "microseconds", "error", "ratio to peer"));
        for (Row row : List.of(Row.values())) {
            Result<?> result = results.get(row.benchmark);
            if (result == null) {
                out.println(line(row.title, "no result", "", ""));
                continue;
            }
            Result<?> peer = results.get(row.peer);
            String ratio = peer == null ? "" : number(result.getScore() / peer.getScore());
            out.println(line(row.title, number(result.getScore()), number(result.getScoreError()), ratio));
        }
    }

    private static Options options(Row row) {
        return new OptionsBuilder()
                .include("^" + Pattern.quote(row.benchmark) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(800))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(1))
                .timeout(TimeValue.seconds(30))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String line(String title, String time, String error, String ratio) {
        return String.format(Locale.ROOT, "%-34s | %12s | %10s | %13s", title, time, error, ratio);
    }
}
