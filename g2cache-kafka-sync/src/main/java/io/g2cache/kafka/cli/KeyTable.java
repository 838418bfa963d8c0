package io.g2cache.kafka.cli;

/**
 * The newest value put for each of up to a limit of 64-bit hashes. Open addressing with linear probing in two arrays, which
 * double as it fills: 21 to 43 bytes a key once it has grown. Not thread-safe.
 */
final class KeyTable {
    /** The answer for a hash that was not there. */
    static final long NEW = -1;
    /** The answer for a hash that was not there and has no room. */
    static final long REFUSED = -2;

    private static final int FIRST_CAPACITY = 1024;
    private static final long EMPTY = 0;
    private static final long INSTEAD_OF_EMPTY = 1;

    private final int limit;
    private long[] hashes = new long[FIRST_CAPACITY];
    private long[] values = new long[FIRST_CAPACITY];
    private int size;

    KeyTable(int limit) {
        this.limit = limit;
    }

    /** Puts a value, which is not negative; returns the one before, {@link #NEW}, or {@link #REFUSED}. */
    long put(long hash, long value) {
        long stored = hash == EMPTY ? INSTEAD_OF_EMPTY : hash;
        int slot = slot(hashes, stored);
        if (hashes[slot] == stored) {
            long before = values[slot];
            values[slot] = value;
            return before;
        }
        if (size >= limit) {
            return REFUSED;
        }
        hashes[slot] = stored;
        values[slot] = value;
        size++;
        if (size > hashes.length / 4 * 3) {
            grow();
        }
        return NEW;
    }

    int size() {
        return size;
    }

    int limit() {
        return limit;
    }

    private static int slot(long[] table, long hash) {
        int mask = table.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (table[slot] != EMPTY && table[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldValues = values;
        hashes = new long[oldHashes.length * 2];
        values = new long[oldValues.length * 2];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != EMPTY) {
                int slot = slot(hashes, oldHashes[i]);
                hashes[slot] = oldHashes[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
