package io.g2cache.kafka.cli;

import io.g2cache.spi.TimeSource;
import java.io.PrintWriter;
import java.time.Duration;

/** Redraws a progress bar in the last line of a terminal, a few times a second. Used by one thread. */
final class ProgressLine {
    private static final int WIDTH = 78;
    private static final long INTERVAL_MILLIS = 200;

    private final PrintWriter terminal;
    private final TimeSource time;
    private final long total;
    private final long startMillis;
    private long drawnMillis;

    ProgressLine(PrintWriter terminal, TimeSource time, long total) {
        this.terminal = terminal;
        this.time = time;
        this.total = total;
        this.startMillis = time.monotonicMillis();
        this.drawnMillis = startMillis - INTERVAL_MILLIS;
    }

    void show(long done) {
        long now = time.monotonicMillis();
        if (now - drawnMillis >= INTERVAL_MILLIS) {
            drawnMillis = now;
            draw(done, now, "");
        }
    }

    void end(long done) {
        draw(done, time.monotonicMillis(), System.lineSeparator());
    }

    private void draw(long done, long now, String end) {
        String line = ProgressBar.line(done, total, Duration.ofMillis(now - startMillis), WIDTH);
        terminal.print("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())) + end);
        terminal.flush();
    }
}
