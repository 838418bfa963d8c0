package io.g2cache.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The key of a log record, readable without its value and the same in every release: compaction keeps the newest record of
 * each key.
 *
 * <pre>
 *  0        1       2             4
 * +--------+-------+-------------+---------------+---------------+
 * | format | class | length of   | cache name,   | encoded key,  |
 * | = 1    |       | cache name  | UTF-8         | to the end    |
 * +--------+-------+-------------+---------------+---------------+
 * </pre>
 *
 * A put and an invalidation of one cache key share a record key. A clear has one of its own, so has a published load, and
 * so neither removes the other's record. Immutable as long as nobody writes to {@link #key()}.
 *
 * @param recordClass what kind of record it is; one of the constants, or unknown to this release
 * @param cache name of the cache; empty where the record belongs to none
 * @param key encoded key; empty where there is none
 */
record RecordKey(byte recordClass, String cache, byte[] key) {
    /** Put or invalidation of a key. */
    static final byte DATA = 'D';
    /** Published load of a key. */
    static final byte LOADED = 'L';
    /** Clear of a cache in one partition. */
    static final byte CLEAR = 'C';
    /** Invalidation of a tag in one partition; the key is the tag. */
    static final byte TAG = 'T';
    /** Range that counts again; the key tells the ranges of two nodes, and two of one node, apart. */
    static final byte REDO = 'R';
    /** Self-test. */
    static final byte PROBE = 'P';
    /** Marker of the topic itself; the key tells markers apart that must not compact each other away. */
    static final byte MARKER = 'M';

    private static final byte FORMAT = 1;
    private static final int HEADER_BYTES = 4;
    private static final int MAXIMUM_CACHE_BYTES = 0xFFFF;
    private static final byte[] NO_KEY = {};
    private static final RepeatedText CACHES = new RepeatedText();

    static RecordKey of(byte recordClass, String cache) {
        return new RecordKey(recordClass, cache, NO_KEY);
    }

    byte[] encode() {
        byte[] name = cache.getBytes(StandardCharsets.UTF_8);
        if (name.length > MAXIMUM_CACHE_BYTES) {
            throw new IllegalArgumentException(
                    "cache name has bytes=" + name.length + ", limit=" + MAXIMUM_CACHE_BYTES);
        }
        return ByteBuffer.allocate(HEADER_BYTES + name.length + key.length)
                .put(FORMAT)
                .put(recordClass)
                .putShort((short) name.length)
                .put(name)
                .put(key)
                .array();
    }

    /** The decoded key, or null where the bytes are none of ours. */
    static @Nullable RecordKey decode(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length < HEADER_BYTES || bytes[0] != FORMAT) {
            return null;
        }
        int nameBytes = ((bytes[2] & 0xFF) << Byte.SIZE) | (bytes[3] & 0xFF);
        if (nameBytes > bytes.length - HEADER_BYTES) {
            return null;
        }
        try {
            String cache = CACHES.of(bytes, HEADER_BYTES, nameBytes);
            return new RecordKey(bytes[1], cache, Arrays.copyOfRange(bytes, HEADER_BYTES + nameBytes, bytes.length));
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Whether the record concerns one key of a cache, which can be invalidated where the rest is unreadable. */
    boolean concernsKey() {
        return (recordClass == DATA || recordClass == LOADED) && !cache.isEmpty() && key.length > 0;
    }
}
