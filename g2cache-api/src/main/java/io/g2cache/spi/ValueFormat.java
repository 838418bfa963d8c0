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
 * The id is ASCII, padded with zero bytes; all numbers are big-endian. A value with tags has the highest bit of its first
 * byte set, and the hashes of its tags ({@link Tags#hash}) before the payload:
 *
 * <pre>
 *  0        8              16        17
 * +--------+--------------+---------+-----------------+----------------+
 * | codec  | fingerprint  | count   | hash of each    | payload        |
 * | id     | of schema    | 1 to 16 | tag (8)         |                |
 * +--------+--------------+---------+-----------------+----------------+
 * </pre>
 *
 * A reader that knows no tags finds another codec there. Immutable and thread-safe.
 *
 * @param <V> the type of the values
 */
public final class ValueFormat<V> {
    /** Bytes before the payload of a value without tags. */
    public static final int HEADER_BYTES = 16;

    private static final int ID_BYTES = 8;
    private static final int COUNT_AT = HEADER_BYTES;
    private static final int TAGS_AT = COUNT_AT + 1;
    private static final long TAGGED = Long.MIN_VALUE;

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

    private static int tagBytes(int count) {
        return 1 + count * Long.BYTES;
    }

    /** Bytes before the payload of a value with so many tags. */
    public static int headerBytes(int tags) {
        return HEADER_BYTES + (tags == 0 ? 0 : tagBytes(tags));
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
     * Header, tags and payload of a value; without tags the same as {@link #encode(Object)}.
     *
     * @param tags hashes of its tags, {@value Tags#MOST_PER_ENTRY} at most
     * @throws RuntimeException whatever the codec throws
     */
    public byte[] encode(V value, long[] tags) {
        if (tags.length == 0) {
            return encode(value);
        }
        if (tags.length > Tags.MOST_PER_ENTRY) {
            throw new IllegalArgumentException("tags=" + tags.length + " exceed " + Tags.MOST_PER_ENTRY);
        }
        byte[] payload = codec.encode(value);
        ByteBuffer stored = ByteBuffer.allocate(headerBytes(tags.length) + payload.length)
                .putLong(id | TAGGED)
                .putLong(fingerprint)
                .put((byte) tags.length);
        for (long tag : tags) {
            stored.putLong(tag);
        }
        return stored.put(payload).array();
    }

    /**
     * The value, or null where the bytes were written by another codec or schema. Reads from the view's position to its
     * limit and may move its position.
     *
     * @throws RuntimeException whatever the codec throws at a malformed payload
     */
    public @Nullable V decode(ByteBuffer stored) {
        return decode(stored, Floors.NONE, 0, 0);
    }

    /**
     * The same for an entry that may be dead by one of its tags, which gives null too. What has no tags costs nothing more,
     * and its floor is not looked at: that is the caller's own affair.
     *
     * @param floors asked if the value has tags
     * @param partition partition of the entry
     * @param version version of the entry
     * @throws RuntimeException whatever the codec throws at a malformed payload
     */
    public @Nullable V decode(ByteBuffer stored, Floors floors, int partition, long version) {
        if (stored.remaining() < HEADER_BYTES) {
            return null;
        }
        long start = stored.getLong();
        if (stored.getLong() != fingerprint) {
            return null;
        }
        if (start != id && (start != (id | TAGGED) || !passesTags(stored, floors, partition, version))) {
            return null;
        }
        return codec.decode(stored);
    }

    /** Moves on from the header to the payload; false where a tag has killed the entry, or the bytes are malformed. */
    private static boolean passesTags(ByteBuffer stored, Floors floors, int partition, long version) {
        int count = tagCount(stored, stored.position(), stored.limit());
        if (count == 0) {
            return false;
        }
        stored.get();
        boolean alive = true;
        for (int i = 0; i < count; i++) {
            alive &= version >= floors.tagFloor(partition, stored.getLong());
        }
        return alive && version >= floors.floor(partition);
    }

    private static int tagCount(ByteBuffer stored, int at, int end) {
        int count = at < end ? stored.get(at) : 0;
        return count > 0 && count <= Tags.MOST_PER_ENTRY && at + tagBytes(count) <= end ? count : 0;
    }

    /** A hash of codec, schema and payload, by which auditors compare values; tags do not count. */
    public static long contentHash(byte[] stored) {
        long[] tags = stored.length < TAGS_AT || stored[0] >= 0 ? null : tags(ByteBuffer.wrap(stored));
        if (tags == null) {
            return Hash64.hash(stored, 0);
        }
        int from = headerBytes(tags.length);
        ByteBuffer plain = ByteBuffer.allocate(HEADER_BYTES + stored.length - from)
                .put(stored, 0, HEADER_BYTES)
                .put(stored, from, stored.length - from);
        plain.putLong(0, plain.getLong(0) & ~TAGGED);
        return Hash64.hash(plain.array(), 0);
    }

    /** The hashes of a stored value's tags, from the view's position on, which does not move; null if it has none. */
    public static long @Nullable [] tags(ByteBuffer stored) {
        int at = stored.position();
        if (stored.remaining() < TAGS_AT || stored.get(at) >= 0) {
            return null;
        }
        long[] tags = new long[tagCount(stored, at + COUNT_AT, stored.limit())];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = stored.getLong(at + TAGS_AT + i * Long.BYTES);
        }
        return tags.length == 0 ? null : tags;
    }

    /** The same for an entry; null also if it has no value. */
    public static long @Nullable [] tags(Entry entry) {
        byte[] stored = entry.value();
        return stored == null || stored.length < TAGS_AT || stored[0] >= 0 ? null : tags(ByteBuffer.wrap(stored));
    }
}
