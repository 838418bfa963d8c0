package io.g2cache.chronicle;

/**
 * Remembers the fingerprints of the keys that were evicted last, and from which queue, in buckets of four; within a bucket
 * the oldest makes room. Four bytes a place: 16 bits of fingerprint, one for the queue, 15 of age. May forget early or take
 * one key for another; both only cost a worse choice of a victim. Each queue has its own clock, which its evictions move.
 * Not thread-safe.
 */
final class Ghosts {
    /** Of a key that is not remembered. */
    static final long UNKNOWN = -1;

    /** Of a key that lately left the main queue. */
    static final long LEFT_MAIN = -2;

    private static final int WAYS = 4;
    private static final int EMPTY = 0;
    private static final int LEFT_MAIN_BIT = 1 << 15;
    private static final int AGE_MASK = LEFT_MAIN_BIT - 1;

    /** Units of age that the longest memory is divided into, at most. */
    private static final int AGES = 1 << 12;

    private final long remembered;
    private final long near;
    private final long evictionsPerAge;
    private final int buckets;
    private final int[] places;
    private long smallClock;
    private long mainClock;

    /**
     * Remembers about the given number of keys that left the small queue.
     *
     * @param near how many later evictions a key that left the main queue is remembered for
     */
    Ghosts(long remembered, int near) {
        this.remembered = remembered;
        this.near = near;
        evictionsPerAge = (remembered + AGES - 1) / AGES;
        buckets = Math.toIntExact(remembered * 11 / (WAYS * 10) + 1);
        places = new int[Math.multiplyExact(buckets, WAYS)];
    }

    void add(long key, boolean leftMain) {
        int start = bucket(key);
        int oldest = start;
        long oldestAge = UNKNOWN;
        for (int i = start; i < start + WAYS; i++) {
            long age = places[i] == EMPTY ? Long.MAX_VALUE : age(places[i]);
            if (age > oldestAge) {
                oldest = i;
                oldestAge = age;
            }
        }
        long clock = leftMain ? ++mainClock : ++smallClock;
        int age = (int) (clock / evictionsPerAge) & AGE_MASK;
        places[oldest] = fingerprint(key) | (leftMain ? LEFT_MAIN_BIT : 0) | age;
    }

    /**
     * Forgets the key.
     *
     * @return how many keys left the small queue since this one did, {@link #LEFT_MAIN}, or {@link #UNKNOWN}
     */
    long remove(long key) {
        int start = bucket(key);
        int fingerprint = fingerprint(key);
        for (int i = start; i < start + WAYS; i++) {
            int place = places[i];
            if (place != EMPTY && (place & ~(LEFT_MAIN_BIT | AGE_MASK)) == fingerprint) {
                places[i] = EMPTY;
                long age = age(place);
                if (age >= remembered) {
                    return UNKNOWN;
                }
                return (place & LEFT_MAIN_BIT) == 0 ? age : LEFT_MAIN;
            }
        }
        return UNKNOWN;
    }

    /** Never that of an empty place. */
    private static int fingerprint(long key) {
        return (int) (key >>> 48 | 1) << 16;
    }

    private int bucket(long key) {
        return (int) (((key & 0xFFFF_FFFFL) * buckets) >>> 32) * WAYS;
    }

    /** Evictions from the same queue since, about; of no use any more from {@link #remembered} on. */
    private long age(int place) {
        boolean leftMain = (place & LEFT_MAIN_BIT) != 0;
        long clock = leftMain ? mainClock : smallClock;
        long age = (clock / evictionsPerAge - place & AGE_MASK) * evictionsPerAge;
        return leftMain && age >= near ? Long.MAX_VALUE : age;
    }
}
