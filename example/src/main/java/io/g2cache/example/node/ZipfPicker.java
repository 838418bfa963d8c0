package io.g2cache.example.node;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Picks items by rank with a Zipf-like skew: the item of rank r is picked with a probability proportional to
 * 1 / r^exponent. Exact, by binary search in the cumulated weights.
 *
 * <p>Not thread-safe: equal seeds give equal picks.
 */
public final class ZipfPicker {
    private final long[] items;
    private final double[] cumulated;
    private final SplittableRandom random;

    /**
     * Picks from the given items.
     *
     * @param items the items, the most wanted first; not copied
     * @param exponent the skew, 0 for none, about 1 for what caches usually see
     * @param seed of the random numbers
     * @throws IllegalArgumentException if there are no items or the exponent is negative
     */
    public ZipfPicker(long[] items, double exponent, long seed) {
        if (items.length == 0 || !(exponent >= 0)) {
            throw new IllegalArgumentException(
                    "items=" + items.length + " must be above 0, exponent=" + exponent + " must not be negative");
        }
        this.items = items;
        this.cumulated = new double[items.length];
        this.random = new SplittableRandom(seed);
        double sum = 0;
        for (int i = 0; i < items.length; i++) {
            sum += 1 / Math.pow(i + 1, exponent);
            cumulated[i] = sum;
        }
    }

    /** The next item. */
    public long next() {
        double wanted = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, wanted);
        return items[found >= 0 ? found : -found - 1];
    }
}
