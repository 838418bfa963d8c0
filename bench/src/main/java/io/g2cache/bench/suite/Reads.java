package io.g2cache.bench.suite;

import java.util.Arrays;
import java.util.Random;

/** The keys that one thread reads, over and over: equal to those that were put, but other objects. For one thread. */
final class Reads {
    private static final int COUNT = 1 << 20;
    private static final double EXPONENT = 0.99;

    private final Object[] keys = new Object[COUNT];
    private int step;

    Reads(KeyKind kind, int entries, boolean zipf, long seed) {
        Random random = new Random(seed);
        double[] cumulative = zipf ? cumulative(entries) : new double[0];
        for (int i = 0; i < COUNT; i++) {
            keys[i] = kind.key(zipf ? skewed(cumulative, random.nextDouble()) : random.nextInt(entries));
        }
    }

    private static double[] cumulative(int entries) {
        double[] sums = new double[entries];
        double sum = 0;
        for (int i = 0; i < entries; i++) {
            sum += 1 / Math.pow(i + 1, EXPONENT);
            sums[i] = sum;
        }
        return sums;
    }

    private static int skewed(double[] cumulative, double random) {
        int found = Arrays.binarySearch(cumulative, random * cumulative[cumulative.length - 1]);
        return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
    }

    Object next() {
        return keys[step++ & (COUNT - 1)];
    }
}
