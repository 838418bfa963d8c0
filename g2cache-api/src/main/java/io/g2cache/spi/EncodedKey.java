package io.g2cache.spi;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key of one cache as bytes, with its 64-bit hash and its partition. Made by {@link KeySpace}; immutable as long as
 * nobody writes to {@link #bytes()}, which is not copied.
 */
public final class EncodedKey {
    private static final int SHOWN_BYTES = 24;

    private final byte[] bytes;
    private final long hash;
    private final int partition;

    EncodedKey(byte[] bytes, long hash, int partition) {
        this.bytes = bytes;
        this.hash = hash;
        this.partition = partition;
    }

    /** The encoded key; not to be written to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Hash of cache name and key; the same on every node. */
    public long hash() {
        return hash;
    }

    /** The log partition of the key; 0 without a log. */
    public int partition() {
        return partition;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedKey that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    @Override
    public String toString() {
        int shown = Math.min(bytes.length, SHOWN_BYTES);
        String hex = HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "…" : "");
        return "EncodedKey[bytes=" + hex + ", length=" + bytes.length + ", partition=" + partition + "]";
    }
}
