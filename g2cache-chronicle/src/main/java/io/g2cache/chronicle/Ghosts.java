package io.g2cache.chronicle;

/**
 * Remembers the fingerprints of the keys that were evicted last, in buckets of four; within a bucket the oldest makes
 * room. Eight bytes a place: 32 bits of fingerprint, 32 bits of age. May forget early or take one key for another; both
 * only cost a worse choice of a victim. Not thread-safe.
 */
final class Ghosts {
    private static final int WAYS = 4;
    private static final long EMPTY = 0;

    private final int remembered;
    private final int buckets;
    private final long[] places;
    private int clock;

    /** Remembers about the given number of keys. */
    Ghosts(int remembered) {
        this.remembered = remembered;
        buckets = (int) (remembered * 5L / (WAYS * 4L)) + 1;
        places = new long[Math.multiplyExact(buckets, WAYS)];
    }

    void add(long key) {
        int start = bucket(key);
        int oldest = start;
        for (int i = start; i < start + WAYS; i++) {
            if (places[i] == EMPTY) {
                oldest = i;
                break;
            }
            if (age(places[i]) > age(places[oldest])) {
                oldest = i;
            }
        }
        clock++;
        places[oldest] = (key & ~0xFFFF_FFFFL) | Integer.toUnsignedLong(clock);
    }

    /** Whether the key was evicted lately; forgets it. */
    boolean remove(long key) {
        int start = bucket(key);
        for (int i = start; i < start + WAYS; i++) {
            long place = places[i];
            if (place != EMPTY && place >>> 32 == key >>> 32) {
                places[i] = EMPTY;
                return age(place) < remembered;
            }
        }
        return false;
    }

    private int bucket(long key) {
        return (int) (((key & 0xFFFF_FFFFL) * buckets) >>> 32) * WAYS;
    }

    /** Keys added since, unsigned. */
    private long age(long place) {
        return Integer.toUnsignedLong(clock - (int) place);
    }
}
