package io.g2cache.crypto;

import io.g2cache.spi.Codec;
import java.nio.ByteBuffer;

/** Writes the hash of a key in the place of the key. Immutable and thread-safe. */
final class HashedKeyCodec<K> implements Codec<K> {
    private final Codec<K> keys;
    private final KeyHasher.Hashes hashes;
    private final long fingerprint;

    HashedKeyCodec(Codec<K> keys, KeyHasher.Hashes hashes, long fingerprint) {
        this.keys = keys;
        this.hashes = hashes;
        this.fingerprint = fingerprint;
    }

    @Override
    public String id() {
        return "hmac-256";
    }

    @Override
    public long fingerprint() {
        return fingerprint;
    }

    @Override
    public byte[] encode(K key) {
        return hashes.hash(keys.encode(key));
    }

    @Override
    public int encodeInto(K key, byte[] target) {
        if (target.length < KeyHasher.HASH_BYTES) {
            return -1;
        }
        hashes.hashInto(keys.encode(key), target);
        return KeyHasher.HASH_BYTES;
    }

    @Override
    public K decode(ByteBuffer view) {
        throw new UnsupportedOperationException("a hashed key cannot be decoded");
    }

    @Override
    public Object identity(K key) {
        return ByteBuffer.wrap(encode(key));
    }

    @Override
    public byte[] encodeIdentity(Object identity) {
        return ((ByteBuffer) identity).array().clone();
    }

    @Override
    public Object identityOf(ByteBuffer encoded) {
        byte[] hash = new byte[encoded.remaining()];
        encoded.get(hash);
        return ByteBuffer.wrap(hash);
    }
}
