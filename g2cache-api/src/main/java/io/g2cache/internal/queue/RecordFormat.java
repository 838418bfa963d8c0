package io.g2cache.internal.queue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records of a segment, big-endian, one after the other from the segment's first byte on.
 *
 * <pre>
 *  0             4          8      9               11
 * +-------------+----------+------+---------------+-------------+---------------+
 * | bytes after | CRC32C   | kind | length of     | cache name, | key or tag,   |
 * | the CRC     |          | I,C,T| cache name    | UTF-8       | to the end    |
 * +-------------+----------+------+---------------+-------------+---------------+
 * </pre>
 *
 * The CRC covers the segment's number, the record's offset and what follows the CRC, so that bytes in a place that is not
 * theirs are no record. Stateless.
 */
final class RecordFormat {
    static final int HEADER_BYTES = 8;
    /** The longest key and cache name that a cache can have, with room to spare. */
    static final int MAXIMUM_PAYLOAD = 1 << 17;

    private static final int KIND_AND_LENGTH = 3;
    private static final int SMALLEST_PAYLOAD = KIND_AND_LENGTH + 1;

    private RecordFormat() {}

    static int size(QueuedEvent event) {
        return HEADER_BYTES
                + KIND_AND_LENGTH
                + event.cache().getBytes(StandardCharsets.UTF_8).length
                + event.key().length;
    }

    static ByteBuffer encode(QueuedEvent event, Position at) {
        byte[] cache = event.cache().getBytes(StandardCharsets.UTF_8);
        int payload = KIND_AND_LENGTH + cache.length + event.key().length;
        if (cache.length == 0 || payload > MAXIMUM_PAYLOAD) {
            throw new IllegalArgumentException(
                    "cache='" + event.cache() + "' and keyBytes=" + event.key().length + " cannot be queued");
        }
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + payload)
                .putInt(payload)
                .putInt(0)
                .put(event.kind().code())
                .putShort((short) cache.length)
                .put(cache)
                .put(event.key());
        record.putInt(4, crc(record, 0, payload, at));
        return record.flip();
    }

    /** The number of bytes that the record at this index takes, or 0 if there is no whole record. */
    static int sizeAt(ByteBuffer segment, int index, long number) {
        if (segment.limit() - index < HEADER_BYTES + SMALLEST_PAYLOAD) {
            return 0;
        }
        int payload = segment.getInt(index);
        if (payload < SMALLEST_PAYLOAD
                || payload > MAXIMUM_PAYLOAD
                || payload > segment.limit() - index - HEADER_BYTES
                || segment.getInt(index + 4) != crc(segment, index, payload, new Position(number, index))) {
            return 0;
        }
        return HEADER_BYTES + payload;
    }

    /** The event of a whole record; null if this release does not know its kind. */
    static @Nullable QueuedEvent decode(ByteBuffer segment, int index) {
        int payload = segment.getInt(index);
        byte code = segment.get(index + HEADER_BYTES);
        int nameBytes = segment.getShort(index + HEADER_BYTES + 1) & 0xFFFF;
        if (nameBytes == 0 || nameBytes > payload - KIND_AND_LENGTH) {
            return null;
        }
        int nameAt = index + HEADER_BYTES + KIND_AND_LENGTH;
        byte[] key = new byte[payload - KIND_AND_LENGTH - nameBytes];
        segment.get(nameAt + nameBytes, key);
        try {
            String cache = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(segment.slice(nameAt, nameBytes))
                    .toString();
            for (QueuedEvent.Kind kind : QueuedEvent.Kind.values()) {
                if (kind.code() == code) {
                    return new QueuedEvent(kind, cache, key);
                }
            }
        } catch (CharacterCodingException e) {
            return null;
        }
        return null;
    }

    private static int crc(ByteBuffer bytes, int index, int payload, Position at) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(at.segment())
                .putInt(at.offset())
                .flip());
        crc.update(bytes.slice(index + HEADER_BYTES, payload));
        return (int) crc.getValue();
    }
}
