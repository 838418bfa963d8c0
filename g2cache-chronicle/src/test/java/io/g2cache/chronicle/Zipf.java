package io.g2cache.chronicle;

import java.util.Arrays;
import java.util.Random;

/** Random ranks, the first most frequent: the inverse of the cumulated weights. */
final class Zipf {
    private final double[] cumulated;
    private final Random random;

    Zipf(int keys, double exponent, long seed) {
        random = new Random(seed);
        cumulated = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1 / Math.pow(i + 1, exponent);
            cumulated[i] = sum;
        }
    }

    int next() {
        int at = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[cumulated.length - 1]);
        return at < 0 ? -at - 1 : at;
    }
}
