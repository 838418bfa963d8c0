package io.g2cache.internal;

import io.g2cache.InvalidKeyException;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Turns a user's keys into bytes and refuses those that cannot be keys. Immutable and thread-safe. */
final class KeyEncoder<K> {
    private final Codec<K> codec;
    private final UnaryOperator<byte[]> published;
    private final KeySpace space;
    private final int maximumBytes;

    /**
     * An encoder.
     *
     * @param codec codec of the keys as the user gives them, to which the limit applies
     * @param published gives the bytes by which the tiers and the log know a key
     */
    KeyEncoder(Codec<K> codec, UnaryOperator<byte[]> published, KeySpace space, int maximumBytes) {
        this.codec = codec;
        this.published = published;
        this.space = space;
        this.maximumBytes = maximumBytes;
    }

    /** The encoded key. Throws {@link InvalidKeyException}. */
    EncodedKey encode(@Nullable K key) {
        if (key == null) {
            throw new InvalidKeyException("cache=" + space.cache() + ": the key is null");
        }
        byte[] bytes;
        try {
            bytes = codec.encode(key);
        } catch (RuntimeException e) {
            throw new InvalidKeyException(
                    "cache=" + space.cache() + ": codec=" + codec.id() + " cannot encode a key of "
                            + key.getClass().getName(),
                    e);
        }
        if (bytes.length == 0 || bytes.length > maximumBytes) {
            throw new InvalidKeyException("cache=" + space.cache() + ": the encoded key has bytes=" + bytes.length
                    + ", which must be from 1 to maximumKeyBytes=" + maximumBytes);
        }
        return space.key(published.apply(bytes));
    }
}
