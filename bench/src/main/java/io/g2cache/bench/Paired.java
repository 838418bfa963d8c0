package io.g2cache.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Runs a contest in short slices, in turn, so that whatever else the machine does hits both sides alike. Each side counts
 * with the lower quartile of its slices, as disturbances only ever add time. Used by one thread.
 */
final class Paired {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int PAIRS = 251;
    private static final int WARM_UP_ROUNDS = 12;
    private static final int WARM_UP_PAIRS = 25;
    private static final double STEADY = 0.95;

    private final Contest contest;
    private final double[] ours = new double[PAIRS];
    private final double[] peers = new double[PAIRS];
    private long ourSteps = 1;
    private long peersSteps = 1;
    private long consumed;

    Paired(Contest contest) {
        this.contest = contest;
    }

    /** Time of one step of ours as a multiple of the peer's. */
    double ratio() throws Exception {
        warmUp();
        run(PAIRS);
        return lowerQuartile(ours, PAIRS) / lowerQuartile(peers, PAIRS);
    }

    /** Until neither side gets faster by a twentieth in a round, which takes half a second; six seconds at most. */
    private void warmUp() throws Exception {
        double ourBest = Double.MAX_VALUE;
        double peersBest = Double.MAX_VALUE;
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            run(WARM_UP_PAIRS);
            double ourTime = lowerQuartile(ours, WARM_UP_PAIRS);
            double peersTime = lowerQuartile(peers, WARM_UP_PAIRS);
            boolean steady = ourTime > STEADY * ourBest && peersTime > STEADY * peersBest;
            if (steady && i > 2) {
                return;
            }
            ourBest = Math.min(ourBest, ourTime);
            peersBest = Math.min(peersBest, peersTime);
        }
    }

    private void run(int pairs) throws Exception {
        for (int i = 0; i < pairs; i++) {
            long start = System.nanoTime();
            consumed += contest.ours(ourSteps);
            long middle = System.nanoTime();
            consumed += contest.peers(peersSteps);
            long end = System.nanoTime();
            ours[i] = (double) (middle - start) / ourSteps;
            peers[i] = (double) (end - middle) / peersSteps;
            ourSteps = fitting(ours[i], ourSteps);
            peersSteps = fitting(peers[i], peersSteps);
        }
    }

    /** Steps that take about one slice; grows slowly, as the first ones are slow. */
    private static long fitting(double nanosPerStep, long before) {
        double wanted = SLICE_NANOS / Math.max(nanosPerStep, 1);
        return Math.max(1, (long) Math.min(wanted, before * 2.0));
    }

    private static double lowerQuartile(double[] times, int count) {
        double[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return sorted[count / 4];
    }

    /** Depends on every step that was run. */
    long consumed() {
        return consumed;
    }
}
