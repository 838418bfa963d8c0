package io.g2cache.hazelcast;

import io.g2cache.spi.Entry;
import io.g2cache.spi.Entry.Kind;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Source;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an entry in the shared map. The type's upper half tells who has stored it.
 *
 * <pre>
 *  0        1      2         10       18       26      34
 * +--------+------+---------+--------+--------+-------+-----------------+
 * | format | type | version | soft   | hard   | nonce | payload         |
 * | (1)    |      |         | ms     | ms     |       | (VALUE only)    |
 * +--------+------+---------+--------+--------+-------+-----------------+
 * </pre>
 *
 * Numbers are big-endian. The exact bytes that were read are the token of a compare-and-set, so no two records may be
 * equal: the nonce counts up from a random start in each process. Thread-safe.
 */
final class OutRecord {
    static final int HEADER_BYTES = 34;
    static final int TYPE_AT = 1;

    private static final byte FORMAT = 1;
    private static final byte VALUE = 1;
    private static final byte ABSENT = 2;
    private static final byte TOMBSTONE = 3;
    private static final byte LEASE = 4;
    private static final int SOURCE_SHIFT = 4;
    private static final int TYPE_BITS = 0xF;
    private static final List<Source> SOURCES = List.of(Source.EVENT, Source.EARLY, Source.LOAD);

    private static final AtomicLong NONCES = new AtomicLong(new SecureRandom().nextLong());

    private OutRecord() {}

    /** A new record of an entry, unequal to every other record. */
    static byte[] of(Entry entry, Source source) {
        byte[] payload = entry.kind() == Kind.VALUE ? entry.requireValue() : new byte[0];
        int type = typeOf(entry.kind()) | SOURCES.indexOf(source) << SOURCE_SHIFT;
        return encode((byte) type, entry.version(), entry.softDeadline(), entry.hardDeadline(), payload);
    }

    /** A new placeholder of a load, unequal to every other record. */
    static byte[] lease() {
        return encode(LEASE, -1, 0, 0, new byte[0]);
    }

    /** What the map was seen to hold; the object itself is the token. Never throws. */
    static OutSlot slot(@Nullable Object held) {
        if (held == null) {
            return OutSlot.EMPTY;
        }
        if (!(held instanceof byte[] bytes) || bytes.length < HEADER_BYTES || bytes[0] != FORMAT) {
            return OutSlot.unreadable(held);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, TYPE_AT, HEADER_BYTES - TYPE_AT);
        byte stored = header.get();
        int type = stored & TYPE_BITS;
        int code = stored >> SOURCE_SHIFT;
        if (code < 0 || code >= SOURCES.size() || (code > 0 && type == LEASE)) {
            return OutSlot.unreadable(bytes);
        }
        Source source = SOURCES.get(code);
        long version = header.getLong();
        long soft = header.getLong();
        long hard = header.getLong();
        if (type == VALUE) {
            byte[] payload = Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length);
            return OutSlot.entry(Entry.value(version, soft, hard, payload), source, bytes);
        }
        if (bytes.length > HEADER_BYTES) {
            return OutSlot.unreadable(bytes);
        }
        return switch (type) {
            case ABSENT -> OutSlot.entry(Entry.absent(version, soft, hard), source, bytes);
            case TOMBSTONE -> OutSlot.entry(Entry.tombstone(version), source, bytes);
            case LEASE -> OutSlot.lease(bytes);
            default -> OutSlot.unreadable(bytes);
        };
    }

    private static byte typeOf(Kind kind) {
        return switch (kind) {
            case VALUE -> VALUE;
            case ABSENT -> ABSENT;
            case TOMBSTONE -> TOMBSTONE;
        };
    }

    private static byte[] encode(byte type, long version, long soft, long hard, byte[] payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .put(FORMAT)
                .put(type)
                .putLong(version)
                .putLong(soft)
                .putLong(hard)
                .putLong(NONCES.getAndIncrement())
                .put(payload)
                .array();
    }
}
