package io.g2cache.spi;

import java.nio.charset.StandardCharsets;

/**
 * Maps the keys of one cache to hashes and partitions, alike on every node and in every release: the partition of a key
 * decides which versions may be compared. Immutable and thread-safe.
 */
public final class KeySpace {
    private final String cache;
    private final int partitions;
    private final long seed;

    /**
     * Creates the key space of a cache.
     *
     * @param cache name of the cache
     * @param partitions partition count of the log, at least 1
     */
    public KeySpace(String cache, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions=" + partitions + " must be at least 1");
        }
        this.cache = cache;
        this.partitions = partitions;
        this.seed = Hash64.hash(cache.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** Name of the cache. */
    public String cache() {
        return cache;
    }

    /** Partition count of the log. */
    public int partitions() {
        return partitions;
    }

    /** The hash of the key that is encoded in the first bytes of an array: that of its {@link EncodedKey}. */
    public long hash(byte[] bytes, int length) {
        return Hash64.hash(bytes, length, seed);
    }

    /** Wraps an encoded key; the array is not copied. */
    public EncodedKey key(byte[] bytes) {
        long hash = Hash64.hash(bytes, seed);
        return new EncodedKey(bytes, hash, (int) Long.remainderUnsigned(hash, partitions));
    }
}
