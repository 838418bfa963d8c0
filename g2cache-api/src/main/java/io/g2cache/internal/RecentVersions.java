package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import java.util.Arrays;

/**
 * The newest version seen for each of the last keys that had an event, in fixed memory: a ring of records in the order of
 * their arrival, with a chained hash table over it. A key whose record is overwritten leaves, and is reported first.
 *
 * <p>Keys are known by their 64-bit hash, from which their partition follows too; two keys that share it look like one key
 * with the newer version of both, which costs a miss and never a stale value.
 *
 * <p>Concurrency: striped by hash; each stripe is guarded by its own monitor, held for a few array accesses. Any thread may
 * call. {@link Leaving} is called under the monitor, before the key is forgotten.
 */
final class RecentVersions {
    /** What is told of a key that leaves. */
    @FunctionalInterface
    interface Leaving {
        /** The oldest record is about to be forgotten. */
        void leaves(int partition, long version, long recordedNanos);
    }

    /** No version. */
    static final long NONE = Long.MIN_VALUE;

    private static final int STRIPES = 16;

    private final Stripe[] stripes = new Stripe[STRIPES];

    RecentVersions(int capacity, Leaving leaving) {
        int perStripe = Math.max(1, (capacity + STRIPES - 1) / STRIPES);
        Arrays.setAll(stripes, i -> new Stripe(perStripe, leaving));
    }

    /** Remembers a version, unless a newer one is known. */
    void record(EncodedKey key, long version, long nowNanos) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            stripe.record(key, version, nowNanos);
        }
    }

    /** The newest version remembered, or {@link #NONE}. */
    long version(EncodedKey key) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            int at = stripe.find(key.hash());
            return at < 0 ? NONE : stripe.versions[at];
        }
    }

    /** Forgets a key without a report. */
    void forget(EncodedKey key) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            int at = stripe.find(key.hash());
            if (at >= 0) {
                stripe.unlink(at);
            }
        }
    }

    private Stripe stripe(EncodedKey key) {
        return stripes[(int) (key.hash() >>> 60)];
    }

    /** One ring with its table; every access under its monitor. */
    private static final class Stripe {
        private static final int END = -1;
        private static final int FREE = -2;

        private static final long[] NO_LONGS = {};
        private static final int[] NO_INTS = {};

        private final int capacity;
        private final Leaving leaving;
        private long[] hashes = NO_LONGS;
        private long[] versions = NO_LONGS;
        private long[] nanos = NO_LONGS;
        private int[] partitions = NO_INTS;
        private int[] next = NO_INTS;
        private int[] heads = NO_INTS;
        private int cursor;

        Stripe(int capacity, Leaving leaving) {
            this.capacity = capacity;
            this.leaving = leaving;
        }

        /** At the first record: a node may have thousands of caches that are hardly used. */
        private void allocate() {
            hashes = new long[capacity];
            versions = new long[capacity];
            nanos = new long[capacity];
            partitions = new int[capacity];
            next = new int[capacity];
            heads = new int[Integer.highestOneBit(capacity) * 2];
            Arrays.fill(next, FREE);
            Arrays.fill(heads, END);
        }

        void record(EncodedKey key, long version, long nowNanos) {
            if (hashes.length == 0) {
                allocate();
            }
            int known = find(key.hash());
            if (known >= 0) {
                if (versions[known] >= version) {
                    return;
                }
                unlink(known);
            }
            if (next[cursor] != FREE) {
                leaving.leaves(partitions[cursor], versions[cursor], nanos[cursor]);
                unlink(cursor);
            }
            hashes[cursor] = key.hash();
            versions[cursor] = version;
            nanos[cursor] = nowNanos;
            partitions[cursor] = key.partition();
            int bucket = bucket(key.hash());
            next[cursor] = heads[bucket];
            heads[bucket] = cursor;
            cursor = cursor + 1 == hashes.length ? 0 : cursor + 1;
        }

        int find(long hash) {
            if (heads.length == 0) {
                return END;
            }
            int at = heads[bucket(hash)];
            while (at >= 0 && hashes[at] != hash) {
                at = next[at];
            }
            return at;
        }

        void unlink(int at) {
            int bucket = bucket(hashes[at]);
            if (heads[bucket] == at) {
                heads[bucket] = next[at];
            } else {
                int before = heads[bucket];
                while (next[before] != at) {
                    before = next[before];
                }
                next[before] = next[at];
            }
            next[at] = FREE;
        }

        private int bucket(long hash) {
            return (int) (hash >>> 20) & heads.length - 1;
        }
    }
}
