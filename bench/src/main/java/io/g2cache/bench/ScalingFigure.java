package io.g2cache.bench;

import io.g2cache.chronicle.ChronicleLocal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How much more two threads read than one, of Caffeine, as a multiple of the same of our node with its hot layer: 1 if both
 * gain as much. One and two threads, ours and Caffeine's, have short slices in turn; each counts with its upper quartile, as
 * disturbances only ever take away. For one thread at a time.
 */
final class ScalingFigure implements Figure {
    private static final int ROUNDS = 60;
    private static final int WARM_UP_ROUNDS = 30;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int READS_AT_ONCE = 500;
    private static final int THREADS = 2;
    private static final double MOST = 1 / 0.9;

    private final Workload workload = new Workload(Workload.ENTRIES);
    private double ours;
    private double caffeines;

    @Override
    public String name() {
        return "gain by a second thread: Caffeine / node, hot hits";
    }

    @Override
    public double target() {
        return MOST;
    }

    @Override
    public double measure() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (LocalNode node = new LocalNode(ChronicleLocal.builder().build(), workload)) {
            PlainCaffeine caffeine = new PlainCaffeine(workload);
            double[][] reads = new double[4][];
            for (int rounds : new int[] {WARM_UP_ROUNDS, ROUNDS}) {
                for (int i = 0; i < reads.length; i++) {
                    reads[i] = new double[rounds];
                }
                for (int round = 0; round < rounds; round++) {
                    reads[0][round] = slice(threads, 1, node::get);
                    reads[1][round] = slice(threads, 1, caffeine::get);
                    reads[2][round] = slice(threads, THREADS, node::get);
                    reads[3][round] = slice(threads, THREADS, caffeine::get);
                }
            }
            ours = upperQuartile(reads[2]) / upperQuartile(reads[0]);
            caffeines = upperQuartile(reads[3]) / upperQuartile(reads[1]);
            return caffeines / ours;
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public String note() {
        return String.format(Locale.ROOT, "ours %.2f, Caffeine's %.2f", ours, caffeines);
    }

    /** Reads in a nanosecond. */
    private double slice(ExecutorService threads, int count, Function<String, byte[]> get)
            throws InterruptedException, ExecutionException {
        List<Future<Double>> rates = new ArrayList<>();
        for (int thread = 0; thread < count; thread++) {
            int first = thread * READS_AT_ONCE;
            rates.add(threads.submit(() -> rate(first, get)));
        }
        double sum = 0;
        for (Future<Double> rate : rates) {
            sum += rate.get();
        }
        return sum;
    }

    private double rate(int first, Function<String, byte[]> get) {
        long step = first;
        long bytes = 0;
        long start = System.nanoTime();
        long now;
        do {
            for (int i = 0; i < READS_AT_ONCE; i++) {
                bytes += Objects.requireNonNull(get.apply(workload.read(step++))).length;
            }
            now = System.nanoTime();
        } while (now - start < SLICE_NANOS);
        if (bytes != (step - first) * Workload.VALUE_BYTES) {
            throw new IllegalStateException("bytes=" + bytes + " of reads=" + (step - first));
        }
        return (double) (step - first) / (now - start);
    }

    private static double upperQuartile(double[] rates) {
        double[] sorted = rates.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length * 3 / 4];
    }
}
