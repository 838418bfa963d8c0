package io.g2cache.chronicle;

import io.g2cache.spi.Entry;
import java.nio.ByteBuffer;

/**
 * The bytes of an entry off the heap. All numbers are big-endian.
 *
 * <pre>
 *  0        4        8                 16                24                32
 * +--------+--------+-----------------+-----------------+-----------------+
 * | mark   | CRC32C | version         | soft deadline   | hard deadline   |
 * +--------+--------+--------+--------+-----------------+-----------------+
 * | slot   | parti- | key    | value  |
 * |        | tion   | length | length |   value length: -1 for a known absence
 * +--------+--------+--------+--------+
 *  32       36       40       44       48
 * +-----------------+-----------------+
 * | key             | value           |   value as ValueFormat writes it; none for a known absence
 * +-----------------+-----------------+
 *  48                48 + key length
 * </pre>
 *
 * <p>It is the value of a Chronicle entry, whose key is eight bytes: the mixed hash of cache and key. Two keys of one hash
 * replace each other; the full key tells them apart. The slot is the entry's place in its segment's {@link S3Fifo}. Mark and
 * checksum are those of the {@link Seal}, and zero in a tier that does not outlive its process.
 */
final class EntryLayout {
    static final int MARK = 0;
    static final int CHECKSUM = 4;
    static final int VERSION = 8;
    static final int SOFT_DEADLINE = 16;
    static final int HARD_DEADLINE = 24;
    static final int SLOT = 32;
    static final int PARTITION = 36;
    static final int KEY_LENGTH = 40;
    static final int VALUE_LENGTH = 44;
    static final int HEADER_BYTES = 48;

    /** The value length of a known absence. */
    static final int NO_VALUE = -1;

    /** Bytes of the Chronicle entry's own key. */
    static final int MAP_KEY_BYTES = 8;

    private EntryLayout() {}

    /**
     * The stored value length.
     *
     * @throws IllegalArgumentException for a tombstone, which no local tier holds
     */
    static int valueLength(Entry entry) {
        return switch (entry.kind()) {
            case VALUE -> entry.requireValue().length;
            case ABSENT -> NO_VALUE;
            case TOMBSTONE -> throw new IllegalArgumentException("a local tier holds no tombstone: " + entry);
        };
    }

    /** Bytes of header, key and value. */
    static long size(int keyBytes, int valueBytes) {
        return (long) HEADER_BYTES + keyBytes + valueBytes;
    }

    /** Bytes of a Chronicle entry with a value of the given size: the key, the size as a stop-bit number, the value. */
    static long mapEntryBytes(long size) {
        int sizeBytes = 1;
        for (long rest = size >>> 7; rest != 0; rest >>>= 7) {
            sizeBytes++;
        }
        return MAP_KEY_BYTES + sizeBytes + size;
    }

    /** Writes the header from the buffer's start on, without mark and checksum. */
    static void writeHeader(ByteBuffer header, Entry entry, int slot, int partition, int keyLength) {
        header.putLong(MARK, 0)
                .putLong(VERSION, entry.version())
                .putLong(SOFT_DEADLINE, entry.softDeadline())
                .putLong(HARD_DEADLINE, entry.hardDeadline())
                .putInt(SLOT, slot)
                .putInt(PARTITION, partition)
                .putInt(KEY_LENGTH, keyLength)
                .putInt(VALUE_LENGTH, valueLength(entry));
    }
}
