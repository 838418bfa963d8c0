package io.g2cache.it;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether something that is sampled at a steady pace grows: compares the median of the last quarter of the samples with that of
 * the second, as the first belongs to the warm-up.
 *
 * @param what its name
 * @param value the sampled number
 * @param share how much larger the last median may be, as a share of the second quarter's
 * @param margin and how much larger besides
 */
record Trend<S>(String what, ToLongFunction<S> value, double share, long margin) {
    private static final int FEWEST = 8;

    /** What is wrong; null if it is flat. */
    @Nullable
    String growth(List<S> samples) {
        if (samples.size() < FEWEST) {
            throw new IllegalArgumentException("samples=" + samples.size() + " are too few, least=" + FEWEST);
        }
        int quarter = samples.size() / 4;
        long before = median(samples.subList(quarter, 2 * quarter));
        long after = median(samples.subList(samples.size() - quarter, samples.size()));
        long most = before + Math.round(before * share) + margin;
        return after <= most ? null : what + " grew from " + before + " to " + after + ", most=" + most;
    }

    private long median(List<S> samples) {
        long[] sorted = samples.stream().mapToLong(value).sorted().toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }
}
