package io.g2cache.kafka.cli;

import java.time.Duration;
import java.util.Locale;

/** Shows how far a known amount of work is, as one line of text. Draws nothing and asks no clock. Stateless. */
public final class ProgressBar {
    private static final int LEAST_CELLS = 10;

    private ProgressBar() {}

    /**
     * A line such as {@code [#####-----]  50 %  500/1,000  250/s  2s left}.
     *
     * @param done what is done; at most all of it is shown
     * @param total what is to do; nothing to do counts as done
     * @param elapsed how long it took so far
     * @param width characters that the line should take; the bar gets what the figures leave, at least ten
     */
    public static String line(long done, long total, Duration elapsed, int width) {
        long all = Math.max(0, total);
        long shown = Math.max(0, Math.min(done, all));
        double part = all == 0 ? 1 : (double) shown / all;
        String figures = String.format(
                Locale.ROOT,
                " %3d %%  %s/%s  %s/s  %s",
                (int) (part * 100),
                Text.number(shown),
                Text.number(all),
                rate(shown, elapsed),
                left(shown, all, elapsed));
        int cells = Math.max(LEAST_CELLS, width - figures.length() - 2);
        int filled = (int) (part * cells);
        return "[" + "#".repeat(filled) + "-".repeat(cells - filled) + "]" + figures;
    }

    private static String rate(long done, Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        return seconds <= 0 ? "-" : Text.number(Math.round(done / seconds));
    }

    private static String left(long done, long total, Duration elapsed) {
        if (done == total) {
            return "done in " + Text.duration(elapsed);
        }
        if (done == 0) {
            return "";
        }
        double leftNanos = (double) elapsed.toNanos() / done * (total - done);
        return Text.duration(Duration.ofNanos((long) Math.min(leftNanos, Long.MAX_VALUE))) + " left";
    }
}
