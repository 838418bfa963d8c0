package io.g2cache.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

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
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(sorted.length - 1) * 99 / 100];
    }

    /** Writes a table: second, reads, and in microseconds their median, p99 and maximum. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of("second,reads,p50us,p99us,maxus"));
        bySecond.forEach((second, times) -> {
            long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            lines.add(second + "," + sorted.length + "," + sorted[sorted.length / 2] + "," + p99Micros(times) + ","
                    + sorted[sorted.length - 1]);
        });
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }
}
