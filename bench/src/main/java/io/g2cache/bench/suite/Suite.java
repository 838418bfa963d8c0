package io.g2cache.bench.suite;

import io.g2cache.bench.sheet.Environment;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs a plan, one turn after another, and keeps the raw data of each. For one thread. */
final class Suite {
    private static final int TIMEOUT_SECONDS = 120;
    private static final double NANOS = 1e9;
    private static final int SECONDS_PER_MINUTE = 60;

    private final PrintStream out;
    private final Raw raw;

    Suite(PrintStream out, Raw raw) {
        this.out = out;
        this.raw = raw;
    }

    /**
     * Runs all turns; a row that fails is told, and the others are run all the same.
     *
     * @return how many turns failed
     */
    int run(Plan plan) throws IOException {
        out.printf(Locale.ROOT, "turns=%d, about %s%n", plan.turns().size(), minutes(plan.seconds()));
        Map<String, String> environment = Environment.now(plan.effort().name());
        Set<Row> begun = new LinkedHashSet<>();
        long start = System.nanoTime();
        int failed = 0;
        for (int i = 0; i < plan.turns().size(); i++) {
            Turn turn = plan.turns().get(i);
            Row row = turn.row();
            out.printf(
                    Locale.ROOT,
                    "[%d/%d] %s, fork %d of %d; left: about %s%n",
                    i + 1,
                    plan.turns().size(),
                    row.name(),
                    turn.number(),
                    plan.effort().forks(),
                    minutes(left(plan, i, (System.nanoTime() - start) / NANOS)));
            if (begun.add(row)) {
                raw.forget(row);
            }
            try {
                Collection<RunResult> results = new Runner(options(row, plan.effort())).run();
                raw.write(turn, results, environment);
            } catch (RunnerException e) {
                failed++;
                out.println("failed: " + row.name() + ": " + reason(e));
            }
        }
        return failed;
    }

    /** The first exception, with what JMH and the forked JVM wrapped around it: its text holds the fork's stack trace. */
    private static String reason(RunnerException e) {
        StringBuilder text = new StringBuilder(e.toString());
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append("; ").append(cause);
        }
        for (Throwable suppressed : e.getSuppressed()) {
            text.append("; ").append(suppressed);
        }
        return text.toString();
    }

    /** What is left by the plan, stretched as the turns so far were. */
    private static double left(Plan plan, int index, double elapsed) {
        double planned = plan.seconds() - plan.secondsFrom(index);
        double stretch = index == 0 ? 1 : elapsed / planned;
        return plan.secondsFrom(index) * stretch;
    }

    static String minutes(double seconds) {
        long whole = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d min", whole / SECONDS_PER_MINUTE, whole % SECONDS_PER_MINUTE);
    }

    private static Options options(Row row, Effort effort) {
        ChainedOptionsBuilder builder = new OptionsBuilder()
                .include("^" + Pattern.quote(row.target()) + "$")
                .mode(row.mode())
                .timeUnit(row.unit())
                .threads(row.threads())
                .forks(1)
                .warmupIterations(effort.warmUps())
                .warmupTime(TimeValue.milliseconds(effort.warmUpMillis()))
                .measurementIterations(effort.measurements())
                .measurementTime(TimeValue.milliseconds(effort.measurementMillis()))
                .timeout(TimeValue.seconds(TIMEOUT_SECONDS))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-Xmx4g")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        row.params().forEach(builder::param);
        return builder.build();
    }
}
