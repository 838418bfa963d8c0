package io.g2cache.chronicle;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.hash.Data;

/**
 * Tells the live entries of one map file from every other byte of it. A live entry begins with the mark, which is set last
 * and cleared first, and has a checksum of all that follows. Both depend on secrets of the file, so that no value that
 * somebody stores can look like an entry.
 *
 * <p>The stores of a process reach a shared mapping in the order in which it ran them, also when it is killed: a fence keeps
 * the compiler, and other processors, from changing that order. Immutable and thread-safe.
 *
 * @param mark no byte of it is zero, so that a search can pass over empty space
 * @param seed what every checksum begins with
 */
record Seal(int mark, long seed) {
    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** A seal for a new file. */
    static Seal random() {
        SecureRandom random = new SecureRandom();
        int mark = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            mark = mark << Byte.SIZE | 1 + random.nextInt(0xFF);
        }
        return new Seal(mark, random.nextLong());
    }

    /** A checksum that has taken the seed in. */
    CRC32C newChecksum() {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
        return checksum;
    }

    /** The checksum of the first bytes of an array. */
    int checksum(byte[] bytes, int length) {
        CRC32C checksum = newChecksum();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    /** The checksum of an entry with this header. */
    int checksum(byte[] header, byte[] key, byte[] value) {
        CRC32C checksum = newChecksum();
        checksum.update(header, EntryLayout.VERSION, EntryLayout.HEADER_BYTES - EntryLayout.VERSION);
        checksum.update(key, 0, key.length);
        checksum.update(value, 0, value.length);
        return (int) checksum.getValue();
    }

    /** Makes an entry live whose other bytes have been written. */
    @SuppressWarnings("rawtypes")
    void mark(RandomDataOutput target, long entryOffset) {
        VarHandle.releaseFence();
        target.writeInt(entryOffset + EntryLayout.MARK, SWAP ? Integer.reverseBytes(mark) : mark);
    }

    /** Ends the life of an entry, before anything else happens to its bytes. */
    static void clear(Data<byte[]> entry) {
        long address = entry.bytes().addressForRead(entry.offset());
        UnsafeMemory.unsafePutInt(address + EntryLayout.MARK, 0);
        VarHandle.releaseFence();
    }
}
