package io.g2cache.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A percentile of the time from a put on one node until another has applied it, as a multiple of what plain Kafka clients take
 * from send to poll on the same broker. Both take turns, one item at a time.
 *
 * @param name what is measured, and beside what
 * @param target the most that it should be
 * @param percentile the percentile, 0 to 1
 */
record PropagationFigure(String name, double target, double percentile) implements Figure {
    private static final int WARM_UP = 500;
    private static final int ROUNDS = 3_000;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(25);

    @Override
    public double measure() throws Exception {
        try (Deployment deployment = new Deployment();
                Propagation ours = new NodePropagation(deployment);
                Propagation plain = new PlainPropagation(deployment)) {
            for (int i = 0; i < WARM_UP; i++) {
                var unused = ours.nanos() + plain.nanos();
            }
            long[] our = new long[ROUNDS];
            long[] peers = new long[ROUNDS];
            int rounds = 0;
            for (long start = System.nanoTime(); rounds < ROUNDS && System.nanoTime() - start < LIMIT_NANOS; rounds++) {
                our[rounds] = ours.nanos();
                peers[rounds] = plain.nanos();
            }
            return (double) at(our, rounds) / at(peers, rounds);
        }
    }

    private long at(long[] nanos, int count) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) (percentile * (count - 1))];
    }
}
