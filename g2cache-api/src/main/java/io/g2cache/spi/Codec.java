package io.g2cache.spi;

import java.nio.ByteBuffer;

/**
 * Turns a key or a value into bytes and back.
 *
 * <p>Implementations are thread-safe and do not block. Equal keys must encode to equal bytes.
 *
 * @param <T> the type of the key or value
 */
public interface Codec<T> {
    /**
     * Names the encoding: 1 to 8 printable ASCII characters, stored with every value. Two codecs that cannot read each
     * other's bytes have different ids or different fingerprints.
     */
    String id();

    /** Identifies the schema of the encoded type; 0 where the id alone says it all. Stored with every value. */
    long fingerprint();

    /**
     * Encodes a value.
     *
     * @throws RuntimeException where the value cannot be encoded; the caller of the cache gets it as the cause of an
     *     {@link io.g2cache.InvalidValueException}
     */
    byte[] encode(T value);

    /**
     * Writes what {@link #encode} returns to the start of an array that the caller uses again for the next key, so that a
     * look-up need not allocate. A codec of keys should override this; the default encodes and copies.
     *
     * @return how many bytes were written; -1 if the array is too short, and then it may have been written to
     * @throws RuntimeException where {@link #encode} throws; for a short array either is right
     */
    default int encodeInto(T value, byte[] target) {
        byte[] encoded = encode(value);
        if (encoded.length > target.length) {
            return -1;
        }
        System.arraycopy(encoded, 0, target, 0, encoded.length);
        return encoded.length;
    }

    /**
     * Decodes the remaining bytes of a view. The view is valid only during the call and must not be written to; neither
     * it nor a slice or duplicate of it may be kept, for the memory behind it may be gone. Its byte order is big-endian.
     *
     * @throws RuntimeException where the bytes are malformed; the cache counts it and treats the entry as a miss
     */
    T decode(ByteBuffer view);

    /**
     * An object equal for equal keys, by which an on-heap tier finds the key: the key itself, unless its {@code equals}
     * does not compare contents.
     */
    default Object identity(T key) {
        return key;
    }

    /** The encoded bytes of the key that {@link #identity} gave this object for. Whoever overrides one overrides both. */
    @SuppressWarnings("unchecked")
    default byte[] encodeIdentity(Object identity) {
        return encode((T) identity);
    }

    /**
     * The {@link #identity} of the key whose bytes are left in a view, which is used as in {@link #decode}. A codec whose keys
     * cannot be decoded overrides this.
     *
     * @throws RuntimeException where the bytes are malformed
     */
    default Object identityOf(ByteBuffer encoded) {
        return identity(decode(encoded));
    }
}
