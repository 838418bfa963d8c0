package io.g2cache.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Traces made by a seeded random generator, the same in every run. The popular keys of all of them follow a Zipf
 * distribution of exponent 0.99. Immutable.
 *
 * @param length accesses of each trace
 * @param popular keys that the Zipf distribution is over
 */
record SyntheticTraces(int length, int popular) {
    private static final double EXPONENT = 0.99;
    private static final int PHASES = 10;
    private static final int BURST_KEYS = 50;
    private static final int BURST_ACCESSES = 200;

    /** All of them. */
    List<TraceSource> all() {
        return List.of(
                new TraceSource("zipf", TraceSource.USUAL, this::zipf),
                new TraceSource("zipf+scans", TraceSource.USUAL, this::scans),
                new TraceSource("zipf shifting", TraceSource.USUAL, this::shifting),
                new TraceSource("zipf+bursts", TraceSource.USUAL, this::bursts),
                new TraceSource("loop", TraceSource.LOOP, this::loop),
                new TraceSource("loop+zipf", TraceSource.LOOP, this::loopAndZipf));
    }

    private long[] zipf() {
        return zipf(new Random(1));
    }

    private long[] zipf(Random random) {
        double[] cumulative = new double[popular];
        double sum = 0;
        for (int i = 0; i < popular; i++) {
            sum += 1 / Math.pow(i + 1, EXPONENT);
            cumulative[i] = sum;
        }
        long[] accesses = new long[length];
        for (int i = 0; i < length; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            accesses[i] = Math.min(found < 0 ? -found - 1 : found, popular - 1);
        }
        return accesses;
    }

    /** Every third access, on average, belongs to one of the scans, each over a tenth as many new keys as there are popular ones. */
    private long[] scans() {
        Random random = new Random(2);
        long[] accesses = zipf(random);
        int scan = popular / 10;
        long nextKey = popular;
        int i = 0;
        while (i < length) {
            if (random.nextInt(2 * scan) == 0) {
                int end = Math.min(length, i + scan);
                while (i < end) {
                    accesses[i++] = nextKey++;
                }
            } else {
                i++;
            }
        }
        return accesses;
    }

    /** Ten times in all, a tenth of the keys' places in the order of popularity goes to others. */
    private long[] shifting() {
        long[] accesses = zipf(new Random(3));
        for (int i = 0; i < length; i++) {
            long phase = i / (length / PHASES);
            accesses[i] = (accesses[i] + phase * (popular / PHASES)) % popular;
        }
        return accesses;
    }

    /** Half of the accesses are bursts: 200 on the same 50 keys, which nobody asks for again. */
    private long[] bursts() {
        Random random = new Random(4);
        long[] accesses = zipf(random);
        long nextKey = popular;
        int i = 0;
        while (i < length) {
            if (random.nextInt(BURST_ACCESSES) == 0) {
                int end = Math.min(length, i + BURST_ACCESSES);
                while (i < end) {
                    accesses[i++] = nextKey + random.nextInt(BURST_KEYS);
                }
                nextKey += BURST_KEYS;
            } else {
                i++;
            }
        }
        return accesses;
    }

    private long[] loop() {
        long[] accesses = new long[length];
        for (int i = 0; i < length; i++) {
            accesses[i] = i % (popular / 4);
        }
        return accesses;
    }

    /** Every second access, on average, is the next one of a loop over a quarter as many keys as there are popular ones. */
    private long[] loopAndZipf() {
        Random random = new Random(5);
        long[] accesses = zipf(random);
        long step = 0;
        for (int i = 0; i < length; i++) {
            if (random.nextBoolean()) {
                accesses[i] = popular + step++ % (popular / 4);
            }
        }
        return accesses;
    }
}
