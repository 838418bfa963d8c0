package io.g2cache.spi;

/** Makes two keys of one hash, which takes four billion tries otherwise. */
public final class CollidingKeys {
    private CollidingKeys() {}

    /** Other bytes with the hash and partition of a key. */
    public static EncodedKey of(EncodedKey key, byte[] otherBytes) {
        return new EncodedKey(otherBytes, key.hash(), key.partition());
    }
}
