package io.g2cache.bench.suite;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;

/**
 * One line of a table: somebody doing one thing. Rows of the same thing in the same mode are compared. Immutable.
 *
 * @param group where it belongs
 * @param thing what is done, without saying by whom
 * @param side who does it
 * @param benchmark class of the benchmark
 * @param method method of the benchmark
 * @param params values of its parameters by name
 * @param threads how many threads do it
 * @param mode how it is timed
 * @param unit unit of its time
 * @param setUpSeconds about how long a fork takes before its first iteration
 */
public record Row(
        Group group,
        String thing,
        Side side,
        Class<?> benchmark,
        String method,
        Map<String, String> params,
        int threads,
        Mode mode,
        TimeUnit unit,
        int setUpSeconds) {
    private static final int USUAL_SET_UP_SECONDS = 3;

    /** Copies the parameters, sorted by name. */
    public Row {
        params = Collections.unmodifiableMap(new TreeMap<>(params));
        if (threads < 1) {
            throw new IllegalArgumentException("threads=" + threads + " of row " + thing);
        }
    }

    /** The average time of one call by one thread, in nanoseconds. */
    public static Row of(
            Group group, String thing, Side side, Class<?> benchmark, String method, Map<String, String> params) {
        return new Row(
                group,
                thing,
                side,
                benchmark,
                method,
                params,
                1,
                Mode.AverageTime,
                TimeUnit.NANOSECONDS,
                USUAL_SET_UP_SECONDS);
    }

    /** The same with more threads, as calls per microsecond of all of them. */
    public Row threads(int newThreads) {
        return with(newThreads, Mode.Throughput, TimeUnit.MICROSECONDS, setUpSeconds);
    }

    /** The same, timed in another way. */
    public Row timed(Mode newMode, TimeUnit newUnit) {
        return with(threads, newMode, newUnit, setUpSeconds);
    }

    /** The same with another time to set up. */
    public Row settingUp(int seconds) {
        return with(threads, mode, unit, seconds);
    }

    private Row with(int newThreads, Mode newMode, TimeUnit newUnit, int seconds) {
        return new Row(group, thing, side, benchmark, method, params, newThreads, newMode, newUnit, seconds);
    }

    /** Unique among all rows. */
    public String name() {
        return thing + ": " + side.name();
    }

    /** Whether the name holds a text, whatever the case. */
    boolean isNamed(String text) {
        return name().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    /** The name as a file may have it. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    /** The benchmark as JMH names it. */
    public String target() {
        return benchmark.getName() + "." + method;
    }

    /** Whether a larger score is a better one. */
    public boolean isMoreBetter() {
        return mode == Mode.Throughput;
    }

    /** What repeats this row alone. */
    public String command() {
        return "bin/g2cache bench " + group.label() + " --only '" + name() + "'";
    }
}
