package io.g2cache.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The command {@code hitrate}: replays every trace, prints the table, and writes page and CSV. Used by one thread. */
final class HitRates {
    /** Names the folder of the reports. */
    static final String PROPERTY = "g2cache.bench.report";

    private static final long LIMIT_SECONDS = 300;
    private static final int QUICK_ACCESSES = 50_000;

    private final PrintStream out;
    private final Path folder;

    HitRates(PrintStream out, Path folder) {
        this.out = out;
        this.folder = folder;
    }

    /** The folder that the property names. */
    static Path defaultFolder() {
        return Path.of(System.getProperty(PROPERTY, "bench/report"));
    }

    /**
     * Takes two or three minutes; a few seconds if quick: then with short made traces alone.
     *
     * @throws IOException if the reports cannot be written
     * @throws IllegalStateException if a trace cannot be read or replayed in five minutes
     */
    List<HitRate> run(boolean quick) throws IOException, InterruptedException {
        List<TraceSource> sources =
                quick ? new SyntheticTraces(QUICK_ACCESSES, QUICK_ACCESSES / 10).all() : TraceSource.all();
        if (!quick && PublicTraces.all().isEmpty()) {
            out.println("no recorded traces: the property " + PublicTraces.PROPERTY + " names no jar of them");
        }
        out.println(HitRateReport.heading());
        List<HitRate> rates = replay(sources);
        out.println(HitRateReport.summary(rates));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("hitrate.csv"), HitRateReport.csv(rates));
        Path page = Files.writeString(folder.resolve("hitrate.html"), HitRateReport.page(rates));
        out.println("chart: " + page.toAbsolutePath());
        return rates;
    }

    /** As many at once as there are processors, printed in order. */
    private List<HitRate> replay(List<TraceSource> sources) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), HitRates::daemon);
        try {
            List<Future<List<HitRate>>> replays = new ArrayList<>();
            for (TraceSource source : sources) {
                replays.add(threads.submit(() -> HitRate.of(source.read())));
            }
            List<HitRate> rates = new ArrayList<>();
            for (int i = 0; i < replays.size(); i++) {
                List<HitRate> replayed = get(sources.get(i), replays.get(i));
                replayed.forEach(rate -> out.println(HitRateReport.line(rate)));
                rates.addAll(replayed);
            }
            return rates;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<HitRate> get(TraceSource source, Future<List<HitRate>> replay) throws InterruptedException {
        try {
            return replay.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "trace=" + source.name() + " was not replayed in seconds=" + LIMIT_SECONDS, e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "g2cache-hitrate");
        thread.setDaemon(true);
        return thread;
    }
}
