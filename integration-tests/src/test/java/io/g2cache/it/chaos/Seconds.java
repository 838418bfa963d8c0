package io.g2cache.it.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Operations, second by second. Immutable. */
final class Seconds {
    private final long begin;
    private final int count;
    private final List<Operation> operations;

    Seconds(long begin, int count, List<Operation> operations) {
        this.begin = begin;
        this.count = count;
        this.operations = List.copyOf(operations);
    }

    /** The second in which a moment lies; negative before the first. */
    int of(long time) {
        return (int) Math.floorDiv(time - begin, 1_000_000_000L);
    }

    private boolean isInside(int second) {
        return second >= 0 && second < count;
    }

    /** How many there are in each second. */
    double[] count(Predicate<Operation> which) {
        double[] counts = new double[count];
        for (Operation operation : operations) {
            int second = of(operation.end());
            if (isInside(second) && which.test(operation)) {
                counts[second]++;
            }
        }
        return counts;
    }

    /** The latency in milliseconds that this part of them, from 0 to 1, does not exceed; NaN in a second without any. */
    double[] latency(Predicate<Operation> which, double part) {
        List<List<Double>> all = IntStream.range(0, count)
                .<List<Double>>mapToObj(i -> new ArrayList<>())
                .toList();
        for (Operation operation : operations) {
            int second = of(operation.end());
            if (isInside(second) && which.test(operation)) {
                all.get(second).add((operation.end() - operation.start()) / 1e6);
            }
        }
        double[] found = new double[count];
        for (int i = 0; i < count; i++) {
            double[] sorted = all.get(i).stream().mapToDouble(d -> d).sorted().toArray();
            found[i] = sorted.length == 0
                    ? Double.NaN
                    : sorted[(int) Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
        }
        return found;
    }

    /** The greatest age, in milliseconds, of the stale reads of each second. */
    double[] staleness(List<Verdict.StaleRead> reads) {
        double[] greatest = new double[count];
        Arrays.fill(greatest, 0);
        for (Verdict.StaleRead read : reads) {
            int second = of(read.time());
            if (isInside(second)) {
                greatest[second] = Math.max(greatest[second], read.age() / 1e6);
            }
        }
        return greatest;
    }
}
