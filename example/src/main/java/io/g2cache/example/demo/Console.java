package io.g2cache.example.demo;

import io.g2cache.spi.TimeSource;
import java.io.PrintStream;
import java.util.Locale;

/** The demo's own output: whole lines, each with the seconds since the start. Thread-safe. */
final class Console {
    private final PrintStream out;
    private final long start = TimeSource.SYSTEM.monotonicMillis();
    private boolean silent;

    Console(PrintStream out) {
        this.out = out;
    }

    /** Prints a line; the format is that of {@link String#format}, with thousands in groups where it says {@code %,d}. */
    void line(String format, Object... arguments) {
        double seconds = (TimeSource.SYSTEM.monotonicMillis() - start) / 1_000.0;
        print(String.format(Locale.ROOT, "%6.1f s  ", seconds) + String.format(Locale.ROOT, format, arguments));
    }

    /** Prints a line without the time. */
    synchronized void print(String line) {
        if (!silent) {
            out.println(line);
            out.flush();
        }
    }

    /** Prints nothing any more: the user has ended the demo. */
    synchronized void silence() {
        silent = true;
    }
}
