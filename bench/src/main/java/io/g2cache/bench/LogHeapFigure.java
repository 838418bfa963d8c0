package io.g2cache.bench;

import io.g2cache.testkit.kafka.KafkaBroker;
import java.util.List;
import java.util.Locale;

/**
 * Megabytes of heap that a node, its tier off the heap, uses more after it has read a log of 1.3M events than after one of 300,000:
 * both fill what it remembers of recent events. For one thread at a time.
 */
final class LogHeapFigure implements Figure {
    private static final int SHORT = 300_000;
    private static final int MORE = 1_000_000;
    private static final String NAMESPACE = "bench-heap";

    private double before;
    private double after;

    @Override
    public String name() {
        return "heap after 1M more events in the log, MB more";
    }

    @Override
    public double target() {
        return 3;
    }

    @Override
    public String note() {
        return String.format(Locale.ROOT, "%.1f, then %.1f", before, after);
    }

    @Override
    public double measure() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start();
                FilledLog filled = new FilledLog(Logs.on(broker), NAMESPACE)) {
            filled.append(SHORT, SHORT);
            before = heap(broker);
            filled.append(MORE, MORE);
            after = heap(broker);
            return after - before;
        }
    }

    private static double heap(KafkaBroker broker) throws Exception {
        return ChildJvm.run(
                LogNodeProbe.class,
                ChildJvm.classPath(),
                List.of("-Xmx512m"),
                "heap",
                broker.bootstrapServers(),
                NAMESPACE)[0];
    }
}
