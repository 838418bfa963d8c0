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
 * Measures figures and prints a line for each: {@code figure | value | target | ok} and a note if the figure has one. At the end
 * of a line stands {@code MISS} instead where the value is beyond the target, and {@code FAR} where it is beyond twice the target or
 * there is none: the figure failed, or took more than a minute and a half. That does not stop the others. What is far from its
 * target is measured a second time, as somebody else may have used the machine, and the better value counts. Used by one thread.
 */
final class Guard {
    private static final long LIMIT_SECONDS = 90;
    private static final double FAR = 2;

    private final PrintStream out;

    Guard(PrintStream out) {
        this.out = out;
    }

    /** Measures one after another, each on a thread of its own; returns how many are far from their targets. */
    int run(List<Figure> figures) throws InterruptedException {
        int far = 0;
        out.println("figure | value | target | result");
        for (Figure figure : figures) {
            ExecutorService thread = Executors.newSingleThreadExecutor(Guard::daemon);
            try {
                double value = measure(figure, thread);
                if (isFar(value, figure.target())) {
                    value = Math.min(value, measure(figure, thread));
                }
                String result = result(value, figure.target());
                far += result.equals("FAR") ? 1 : 0;
                String note = figure.note();
                print(
                        figure,
                        String.format(Locale.ROOT, "%.3f", value),
                        result + (note.isEmpty() ? "" : " (" + note + ")"));
            } catch (ExecutionException e) {
                far++;
                print(figure, "failed: " + e.getCause(), "FAR");
            } catch (TimeoutException e) {
                far++;
                print(figure, "no value after seconds=" + LIMIT_SECONDS, "FAR");
            } finally {
                thread.shutdownNow();
            }
        }
        return far;
    }

    private static double measure(Figure figure, ExecutorService thread)
            throws InterruptedException, ExecutionException, TimeoutException {
        return thread.submit(figure::measure).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean isFar(double value, double target) {
        return value > FAR * target;
    }

    private static String result(double value, double target) {
        if (value <= target) {
            return "ok";
        }
        return isFar(value, target) ? "FAR" : "MISS";
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "g2cache-guard");
        thread.setDaemon(true);
        return thread;
    }

    private void print(Figure figure, String value, String result) {
        String target = String.format(Locale.ROOT, "%.2f", figure.target());
        out.println(figure.name() + " | " + value + " | " + target + " | " + result);
    }
}
