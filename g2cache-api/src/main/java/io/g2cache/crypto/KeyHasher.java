package io.g2cache.crypto;

import io.g2cache.spi.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes the place of keys by HMAC-SHA-256 of cache name and key (RFC 2104), so that whoever can read the log or the out tier
 * sees neither the keys nor, without the secret, whether a guessed one is there; and the place of tags likewise. All nodes of a
 * deployment need the same secret; with another one they find nothing of each other's, invalidations included.
 *
 * <p>Immutable and thread-safe: a state that nobody changes is copied for each call. Nothing blocks.
 */
public final class KeyHasher {
    /** Bytes of a hashed key. */
    public static final int HASH_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_SECRET_BYTES = 32;
    private static final int MOST_NAME_BYTES = 255;

    /** What is hashed comes after one of these, so that the hash of a key never is that of a tag. */
    private static final byte KEY = 0;

    private static final byte TAG = 1;
    private static final byte FINGERPRINT = 2;

    private final Mac keyed;

    private KeyHasher(Mac keyed) {
        this.keyed = keyed;
    }

    /**
     * A hasher with a secret.
     *
     * @param secret at least 32 random bytes; copied
     */
    public static KeyHasher hmacSha256(byte[] secret) {
        if (secret.length < LEAST_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has bytes=" + secret.length + ", which must be at least " + LEAST_SECRET_BYTES);
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return new KeyHasher(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform has no " + ALGORITHM, e);
        }
    }

    /** What takes the place of a cache's encoded keys. */
    public UnaryOperator<byte[]> keys(String cache) {
        return of(KEY, cache)::hash;
    }

    /** A codec that writes the hashes of what the given one writes, and cannot be read back. */
    public <K> Codec<K> codec(String cache, Codec<K> keys) {
        return new HashedKeyCodec<>(keys, of(KEY, cache), fingerprint(cache, keys));
    }

    /** Another secret, or other keys, are another fingerprint: what was kept under one is of no use under the other. */
    private long fingerprint(String cache, Codec<?> keys) {
        Mac mac = of(FINGERPRINT, cache).start();
        mac.update(keys.id().getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(Long.BYTES)
                        .putLong(keys.fingerprint())
                        .array()))
                .getLong();
    }

    /** The text that takes the place of a tag. */
    public String tag(String cache, String tag) {
        return HexFormat.of().formatHex(of(TAG, cache).hash(tag.getBytes(StandardCharsets.UTF_8)));
    }

    private Hashes of(byte kind, String cache) {
        byte[] name = cache.getBytes(StandardCharsets.UTF_8);
        if (name.length > MOST_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "cache=" + cache + " has bytes=" + name.length + ", which exceeds " + MOST_NAME_BYTES);
        }
        Mac mac = copy(keyed);
        mac.update(kind);
        mac.update((byte) name.length);
        mac.update(name);
        return new Hashes(mac);
    }

    private static Mac copy(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    "the platform's " + ALGORITHM + " cannot be copied: " + mac.getProvider(), e);
        }
    }

    /** Hashes of one kind in one cache. Thread-safe. */
    static final class Hashes {
        private final Mac begun;

        private Hashes(Mac begun) {
            this.begun = begun;
        }

        private Mac start() {
            return copy(begun);
        }

        byte[] hash(byte[] bytes) {
            return start().doFinal(bytes);
        }

        void hashInto(byte[] bytes, byte[] target) {
            Mac mac = start();
            mac.update(bytes);
            try {
                mac.doFinal(target, 0);
            } catch (ShortBufferException e) {
                throw new IllegalArgumentException("target has bytes=" + target.length, e);
            }
        }
    }

    @Override
    public String toString() {
        return "KeyHasher[" + ALGORITHM + "]";
    }
}
