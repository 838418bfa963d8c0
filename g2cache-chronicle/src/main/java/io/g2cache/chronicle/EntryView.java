package io.g2cache.chronicle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.hash.Data;

/**
 * An entry where it lies off the heap. Codecs see it through one read-only buffer that is pointed at each entry in turn, so
 * that nothing is copied or allocated. Used only while the segment is locked; {@link #close}, at the end of each call, makes
 * the buffer empty, so that a codec that keeps it gets an exception; a slice of it that a codec keeps is not caught. Not
 * thread-safe.
 */
final class EntryView {
    private static final long ADDRESS = fieldOffset("address");
    private static final long CAPACITY = fieldOffset("capacity");
    private static final boolean SWAPS = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(0).asReadOnlyBuffer();
    private long address;
    private int size;

    private static long fieldOffset(String name) {
        try {
            return UnsafeMemory.INSTANCE.getFieldOffset(Buffer.class.getDeclaredField(name));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("java.nio.Buffer has no field " + name, e);
        }
    }

    void open(Data<byte[]> entry) {
        open(entry.bytes().addressForRead(entry.offset()), Math.toIntExact(entry.size()));
    }

    void open(long newAddress, int newSize) {
        address = newAddress;
        size = newSize;
    }

    void close() {
        size = 0;
        if (buffer.capacity() != 0) {
            buffer.position(0).limit(0);
            UnsafeMemory.unsafePutInt(buffer, CAPACITY, 0);
        }
    }

    int size() {
        return size;
    }

    long version() {
        return getLong(EntryLayout.VERSION);
    }

    long softDeadline() {
        return getLong(EntryLayout.SOFT_DEADLINE);
    }

    long hardDeadline() {
        return getLong(EntryLayout.HARD_DEADLINE);
    }

    int slot() {
        return getInt(EntryLayout.SLOT);
    }

    int partition() {
        return getInt(EntryLayout.PARTITION);
    }

    boolean isValue() {
        return getInt(EntryLayout.VALUE_LENGTH) != EntryLayout.NO_VALUE;
    }

    /** Whether the key is what the first bytes of the array are. */
    boolean isOf(byte[] key, int length) {
        if (getInt(EntryLayout.KEY_LENGTH) != length) {
            return false;
        }
        long start = address + EntryLayout.HEADER_BYTES;
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if (UnsafeMemory.unsafeGetLong(start + i) != (long) LONGS.get(key, i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (UnsafeMemory.unsafeGetByte(start + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    /** The stored key, from position to limit, to be used before the view is closed. */
    ByteBuffer key() {
        int length = getInt(EntryLayout.KEY_LENGTH);
        return whole().position(EntryLayout.HEADER_BYTES).limit(EntryLayout.HEADER_BYTES + length);
    }

    /** The stored value, from position to limit, to be used before the view is closed. */
    ByteBuffer value() {
        int start = EntryLayout.HEADER_BYTES + getInt(EntryLayout.KEY_LENGTH);
        return whole().position(start);
    }

    private ByteBuffer whole() {
        UnsafeMemory.unsafePutLong(buffer, ADDRESS, address);
        UnsafeMemory.unsafePutInt(buffer, CAPACITY, size);
        return buffer.clear().order(ByteOrder.BIG_ENDIAN);
    }

    private long getLong(int offset) {
        long value = UnsafeMemory.unsafeGetLong(address + offset);
        return SWAPS ? Long.reverseBytes(value) : value;
    }

    private int getInt(int offset) {
        int value = UnsafeMemory.unsafeGetInt(address + offset);
        return SWAPS ? Integer.reverseBytes(value) : value;
    }
}
