package io.g2cache.bench;

import io.g2cache.testkit.kafka.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Seconds from the start of a node that has a kept tier of a million entries until a million events, which it missed, are
 * replayed into it. For one thread at a time.
 */
final class CatchUpFigure implements Figure {
    private static final int EVENTS = 1_000_000;
    private static final String NAMESPACE = "bench-catch-up";
    private static final List<String> FLAGS = List.of("-Xmx512m");
    private static final double MILLIS = 1_000;

    private double replayed;
    private double entries;

    @Override
    public String name() {
        return "1M missed events into a warm tier of 1M entries, s";
    }

    @Override
    public double target() {
        return 10;
    }

    @Override
    public String note() {
        return String.format(Locale.ROOT, "replayed: %,.0f, entries: %,.0f", replayed, entries);
    }

    @Override
    public double measure() throws Exception {
        Path directory = Files.createTempDirectory("g2cache-catch-up");
        try (KafkaBroker broker = KafkaBroker.builder().start()) {
            probe(broker, "fill", directory);
            try (FilledLog filled = new FilledLog(Logs.on(broker), NAMESPACE)) {
                filled.append(EVENTS, LogNodeProbe.ENTRIES);
            }
            double[] found = probe(broker, "catch-up", directory);
            replayed = found[1];
            entries = found[2];
            if (replayed < EVENTS) {
                throw new IllegalStateException("replayed=" + replayed + " of " + EVENTS);
            }
            return found[0] / MILLIS;
        } finally {
            Directories.delete(directory);
        }
    }

    private static double[] probe(KafkaBroker broker, String what, Path directory) throws Exception {
        return ChildJvm.run(
                LogNodeProbe.class,
                ChildJvm.classPath(),
                FLAGS,
                what,
                broker.bootstrapServers(),
                NAMESPACE,
                directory.toString());
    }
}
