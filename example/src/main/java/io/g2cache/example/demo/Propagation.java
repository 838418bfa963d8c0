package io.g2cache.example.demo;

import io.g2cache.example.city.City;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long it takes until an update on one node is seen on others: the update is sent to the one while the
 * others are read in a loop. The time runs from when the update is sent, so it holds the commit in the database, the
 * acknowledgement of the log, and the loop's own calls.
 */
final class Propagation {
    private static final int SECONDS = 10;

    private final NodeProcess writer;
    private final List<NodeProcess> readers;

    Propagation(NodeProcess writer, List<NodeProcess> readers) {
        this.writer = writer;
        this.readers = List.copyOf(readers);
    }

    /** Milliseconds from the update to its sight, by reader, for each of the cities. */
    List<double[]> of(List<Long> ids) throws IOException {
        List<double[]> times = new ArrayList<>();
        for (long id : ids) {
            times.add(of(id));
        }
        return times;
    }

    private double[] of(long id) throws IOException {
        long before = writer.client().read(id).revision();
        List<CompletableFuture<Long>> seen = new ArrayList<>();
        for (NodeProcess reader : readers) {
            reader.client().read(id);
            seen.add(Waiting.start("propagation", () -> seenAt(reader, id, before + 1)));
        }
        long sent = TimeSource.SYSTEM.monotonicNanos();
        City written = writer.client().write(id, writer.client().read(id).population() + 1);
        double[] millis = new double[readers.size()];
        for (int i = 0; i < millis.length; i++) {
            String what = "seeing the update of " + written + " on node "
                    + readers.get(i).name();
            millis[i] = (Waiting.result(what, seen.get(i), Duration.ofSeconds(2L * SECONDS)) - sent) / 1e6;
        }
        return millis;
    }

    private static long seenAt(NodeProcess reader, long id, long revision) throws IOException {
        long start = TimeSource.SYSTEM.monotonicNanos();
        while (TimeSource.SYSTEM.monotonicNanos() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
            if (reader.client().read(id).revision() >= revision) {
                return TimeSource.SYSTEM.monotonicNanos();
            }
        }
        throw new DemoFailedException("city " + id + " was not seen at revision=" + revision + " on node "
                + reader.name() + " within seconds=" + SECONDS);
    }

    /** Median and worst of the times of one reader, as text. */
    static String summary(List<double[]> times, int reader) {
        double[] sorted =
                times.stream().mapToDouble(each -> each[reader]).sorted().toArray();
        return String.format(
                Locale.ROOT, "%.1f ms (median; worst %.1f ms)", sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }
}
