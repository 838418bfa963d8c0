package io.g2cache.spi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a value in every tier and in the log: which codec and schema wrote it, then what the codec wrote.
 *
 * <pre>
 *  0        8              16
 * +--------+--------------+----------------+
 * | codec  | fingerprint  | payload        |
 * | id     | of schema    |                |
 * +--------+--------------+----------------+
 * </pre>
 *
 * The id is ASCII, padded with zero bytes; all numbers are big-endian. Immutable and thread-safe.
 *
 * @param <V> the type of the values
 */
public final class ValueFormat<V> {
    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 16;

    private static final int ID_BYTES = 8;

    private final Codec<V> codec;
    private final long id;
    private final long fingerprint;

    /**
     * Creates the format of a codec.
     *
     * @throws IllegalArgumentException if the codec's id is not 1 to 8 printable ASCII characters
     */
    public ValueFormat(Codec<V> codec) {
        this.codec = codec;
        this.id = packed(codec.id());
        this.fingerprint = codec.fingerprint();
    }

    private static long packed(String id) {
        boolean printable = id.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (id.isEmpty() || id.length() > ID_BYTES || !printable) {
            throw new IllegalArgumentException(
                    "codec id '" + id + "' must be 1 to " + ID_BYTES + " printable ASCII characters");
        }
        byte[] padded = new byte[ID_BYTES];
        byte[] ascii = id.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, padded, 0, ascii.length);
        return ByteBuffer.wrap(padded).getLong();
    }

    /** The codec of the payload. */
    public Codec<V> codec() {
        return codec;
    }

    /**
     * Header and payload of a value.
     *
     * @throws RuntimeException whatever the codec throws
     */
    public byte[] encode(V value) {
        byte[] payload = codec.encode(value);
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .putLong(id)
                .putLong(fingerprint)
                .put(payload)
                .array();
    }

    /**
     * The value, or null where the bytes were written by another codec or schema. Reads from the view's position to its
     * limit and may move its position.
     *
     * @throws RuntimeException whatever the codec throws at a malformed payload
     */
    public @Nullable V decode(ByteBuffer stored) {
        if (stored.remaining() < HEADER_BYTES || stored.getLong() != id || stored.getLong() != fingerprint) {
            return null;
        }
        return codec.decode(stored);
    }
}
