package io.g2cache.bench;

/** A set of small numbers that finds its largest in a few steps: levels of 64-bit words, each over the words below. */
final class PlaceSet {
    private static final int BITS = 6;

    private final long[][] levels;

    /** For numbers below the given one. */
    PlaceSet(int size) {
        int depth = 1;
        while ((size - 1) >> (BITS * depth) != 0) {
            depth++;
        }
        levels = new long[depth][];
        for (int level = 0; level < depth; level++) {
            levels[level] = new long[((size - 1) >> (BITS * (level + 1))) + 1];
        }
    }

    boolean contains(int number) {
        return (levels[0][number >> BITS] & 1L << number) != 0;
    }

    void add(int number) {
        int at = number;
        for (long[] level : levels) {
            level[at >> BITS] |= 1L << at;
            at >>= BITS;
        }
    }

    void remove(int number) {
        int at = number;
        for (long[] level : levels) {
            level[at >> BITS] &= ~(1L << at);
            if (level[at >> BITS] != 0) {
                return;
            }
            at >>= BITS;
        }
    }

    /** The largest; there must be one. */
    int last() {
        int at = 0;
        for (int level = levels.length - 1; level >= 0; level--) {
            at = (at << BITS) + 63 - Long.numberOfLeadingZeros(levels[level][at]);
        }
        return at;
    }
}
