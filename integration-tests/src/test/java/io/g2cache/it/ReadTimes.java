package io.g2cache.it;

import io.g2cache.it.chart.Chart;
import io.g2cache.it.chart.ChartPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** How long reads took, by the second in which they ended. Thread-safe. */
final class ReadTimes {
    private final long start = System.nanoTime();
    private final SortedMap<Long, ConcurrentLinkedQueue<Long>> bySecond = new ConcurrentSkipListMap<>();

    /** A read that began then has just ended. */
    void ended(long beganNanos) {
        long now = System.nanoTime();
        bySecond.computeIfAbsent(TimeUnit.NANOSECONDS.toSeconds(now - start), second -> new ConcurrentLinkedQueue<>())
                .add(TimeUnit.NANOSECONDS.toMicros(now - beganNanos));
    }

    long count() {
        return bySecond.values().stream().mapToLong(ConcurrentLinkedQueue::size).sum();
    }

    long mostMillis() {
        return bySecond.values().stream()
                        .flatMap(ConcurrentLinkedQueue::stream)
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0)
                / 1000;
    }

    /** The greatest p99 of all seconds. */
    long mostP99Millis() {
        return bySecond.values().stream().mapToLong(ReadTimes::p99Micros).max().orElse(0) / 1000;
    }

    private static long p99Micros(ConcurrentLinkedQueue<Long> times) {
        return p99(sorted(times));
    }

    private static long[] sorted(ConcurrentLinkedQueue<Long> times) {
        return times.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static long p99(long[] sorted) {
        return sorted[(sorted.length - 1) * 99 / 100];
    }

    /** Writes a table and a page: second, reads, and in microseconds their median, p99 and maximum. */
    void write(String name) throws IOException {
        int seconds = bySecond.isEmpty() ? 1 : (int) (bySecond.lastKey() + 1);
        double[][] figures = new double[4][seconds];
        for (double[] figure : figures) {
            Arrays.fill(figure, Double.NaN);
        }
        List<String> lines = new ArrayList<>(List.of("second,reads,p50us,p99us,maxus"));
        bySecond.forEach((second, times) -> {
            long[] sorted = sorted(times);
            long[] row = {sorted.length, sorted[sorted.length / 2], p99(sorted), sorted[sorted.length - 1]};
            lines.add(
                    second + "," + Arrays.stream(row).mapToObj(String::valueOf).collect(Collectors.joining(",")));
            for (int i = 0; i < row.length; i++) {
                figures[i][second.intValue()] = i == 0 ? row[i] : row[i] / 1000.0;
            }
        });
        Path table = Path.of("target", name + ".csv");
        Files.createDirectories(table.toAbsolutePath().getParent());
        Files.write(table, lines);
        ChartPage.write(
                name + ".html",
                name,
                List.of(
                        new Chart("reads per second", seconds, false, List.of()).line("reads", "#1565c0", figures[0]),
                        new Chart("how long they took, ms (logarithmic)", seconds, true, List.of())
                                .line("median", "#2e7d32", figures[1])
                                .line("99 %", "#1565c0", figures[2])
                                .line("slowest", "#b00020", figures[3])));
    }
}
