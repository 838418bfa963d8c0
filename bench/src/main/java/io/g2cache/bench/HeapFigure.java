package io.g2cache.bench;

import java.util.List;
import java.util.Locale;

/**
 * What five million entries of 100 bytes cost the heap, beside the same entries in Caffeine, each in a JVM of its own. The
 * figures of one measurement share it; the first one asked takes it. For one thread at a time.
 */
final class HeapFigure implements Figure {
    private static final String ENTRIES = "5000000";

    private final String name;
    private final double target;
    private final int column;
    private final Measurement measurement;

    /** Both runs, made once. */
    private static final class Measurement {
        private double[] ours = {};
        private double[] caffeines = {};

        synchronized void take() throws Exception {
            if (ours.length == 0) {
                caffeines = run("caffeine", "-Xmx4g");
                ours = run("tier", "-Xmx1g");
            }
        }

        private static double[] run(String store, String heap) throws Exception {
            return ChildJvm.run(HeapProbe.class, ChildJvm.classPath(), List.of(heap), store, ENTRIES);
        }
    }

    private HeapFigure(String name, double target, int column, Measurement measurement) {
        this.name = name;
        this.target = target;
        this.column = column;
        this.measurement = measurement;
    }

    /** Heap and collection. */
    static List<Figure> all() {
        Measurement measurement = new Measurement();
        return List.of(
                new HeapFigure("heap of 5M entries off the heap, MB", 200, 0, measurement),
                new HeapFigure("full collection with 5M entries off the heap, ms", 50, 1, measurement));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double target() {
        return target;
    }

    @Override
    public double measure() throws Exception {
        measurement.take();
        return measurement.ours[column];
    }

    @Override
    public String note() {
        return String.format(Locale.ROOT, "Caffeine: %.0f", measurement.caffeines[column]);
    }
}
