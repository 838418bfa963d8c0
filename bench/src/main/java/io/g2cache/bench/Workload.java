package io.g2cache.bench;

import java.util.Arrays;
import java.util.Random;

/**
 * The keys and values that all contestants get, the same in every run: reads follow a Zipf distribution of exponent 0.99.
 * Immutable and thread-safe; nobody writes to the values.
 */
final class Workload {
    /** Size of every value. */
    static final int VALUE_BYTES = 100;

    /** Keys of a local tier. */
    static final int ENTRIES = 100_000;

    private static final double EXPONENT = 0.99;
    private static final int READS = 1 << 18;
    private static final long SEED = 42;

    private final String[] keys;
    private final String[] equalKeys;
    private final byte[][] values;
    private final int[] reads = new int[READS];

    Workload(int entries) {
        Random random = new Random(SEED);
        keys = new String[entries];
        equalKeys = new String[entries];
        values = new byte[entries][VALUE_BYTES];
        double[] cumulative = new double[entries];
        double sum = 0;
        for (int i = 0; i < entries; i++) {
            String key = "key-" + Integer.toHexString(i * 0x9E3779B1);
            keys[i] = key;
            equalKeys[i] = String.valueOf(key.toCharArray());
            random.nextBytes(values[i]);
            sum += 1 / Math.pow(i + 1, EXPONENT);
            cumulative[i] = sum;
        }
        for (int i = 0; i < READS; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            reads[i] = Math.min(found < 0 ? -found - 1 : found, entries - 1);
        }
    }

    /** How many keys there are. */
    int entries() {
        return keys.length;
    }

    /** A key by its rank. */
    String key(int rank) {
        return keys[rank];
    }

    /** The value of a key by its rank. */
    byte[] value(int rank) {
        return values[rank];
    }

    /** The rank that is read at this step. */
    int rank(long step) {
        return reads[(int) step & (READS - 1)];
    }

    /** The key that is read at this step: equal to that of its rank, but another object, as it is in an application. */
    String read(long step) {
        return equalKeys[rank(step)];
    }
}
