package io.g2cache.example.demo;

import io.g2cache.spi.TimeSource;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * The demo's own output: whole lines, each with the seconds since the start; and, on a terminal, one line at the bottom that
 * changes. Thread-safe.
 */
final class Console {
    private static final long BETWEEN_MILLIS = Duration.ofSeconds(3).toMillis();

    private final PrintStream out;
    private final boolean isTerminal;
    private final TimeSource time;
    private final long start;
    /** What is shown at the bottom of a terminal; empty for nothing. */
    private String live = "";

    private long progressMillis;
    private boolean silent;

    /** Prints to a terminal, or to something that keeps what was printed. */
    Console(PrintStream out, boolean isTerminal, TimeSource time) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.time = time;
        this.start = time.monotonicMillis();
        this.progressMillis = start;
    }

    /** Prints a line; the format is that of {@link String#format}, with thousands in groups where it says {@code %,d}. */
    void line(String format, Object... arguments) {
        print(timed(String.format(Locale.ROOT, format, arguments)));
    }

    private String timed(String text) {
        return String.format(Locale.ROOT, "%6.1f s  ", (time.monotonicMillis() - start) / 1_000.0) + text;
    }

    /** Prints a line without the time. */
    synchronized void print(String line) {
        if (!silent) {
            String below = live;
            show("");
            out.println(line);
            show(below);
            out.flush();
        }
    }

    /** How far something is: on a terminal at once, in place of what was shown before; else a line every few seconds. */
    synchronized void progress(String text) {
        long now = time.monotonicMillis();
        if (isTerminal && !silent) {
            show(timed(text));
            out.flush();
        } else if (!isTerminal && now - progressMillis >= BETWEEN_MILLIS) {
            progressMillis = now;
            print(timed(text));
        }
    }

    /** How far it was at last, as a line that stays. */
    synchronized void progressEnds(String text) {
        show("");
        print(timed(text));
    }

    private void show(String text) {
        if (!text.equals(live)) {
            out.print("\r" + text + " ".repeat(Math.max(0, live.length() - text.length()))
                    + (text.isEmpty() ? "\r" : ""));
            live = text;
        }
    }

    /** Prints nothing any more: the user has ended the demo. */
    synchronized void silence() {
        silent = true;
    }
}
