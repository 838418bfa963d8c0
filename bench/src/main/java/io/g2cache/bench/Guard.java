package io.g2cache.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures figures and prints a line for each: {@code figure | value | target | ok}, or {@code MISS} at its end, and a note
 * if the figure has one. A figure
 * that fails, or takes more than a minute and a half, is a miss and does not stop the others. Used by one thread.
 */
final class Guard {
    private static final long LIMIT_SECONDS = 90;

    private final PrintStream out;

    Guard(PrintStream out) {
        this.out = out;
    }

    /** Measures one after another, each on a thread of its own. */
    void run(List<Figure> figures) throws InterruptedException {
        out.println("figure | value | target | result");
        for (Figure figure : figures) {
            ExecutorService thread = Executors.newSingleThreadExecutor(Guard::daemon);
            try {
                double value = thread.submit(figure::measure).get(LIMIT_SECONDS, TimeUnit.SECONDS);
                print(figure, String.format(Locale.ROOT, "%.3f", value), true, value <= figure.target());
            } catch (ExecutionException e) {
                print(figure, "failed: " + e.getCause(), false, false);
            } catch (TimeoutException e) {
                print(figure, "no value after seconds=" + LIMIT_SECONDS, false, false);
            } finally {
                thread.shutdownNow();
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "g2cache-guard");
        thread.setDaemon(true);
        return thread;
    }

    private void print(Figure figure, String value, boolean measured, boolean reached) {
        String target = String.format(Locale.ROOT, "%.2f", figure.target());
        String note = measured ? figure.note() : "";
        out.println(figure.name() + " | " + value + " | " + target + " | " + (reached ? "ok" : "MISS")
                + (note.isEmpty() ? "" : " (" + note + ")"));
    }
}
