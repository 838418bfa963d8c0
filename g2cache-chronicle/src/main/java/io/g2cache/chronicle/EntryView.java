package io.g2cache.chronicle;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.hash.Data;

/**
 * An entry where it lies off the heap, through one read-only buffer that is pointed at each entry in turn, so that nothing
 * is copied or allocated. Used only while the segment is locked; {@link #close}, at the end of each call, makes the buffer
 * empty, so that a codec that keeps it gets an exception and never foreign memory. Not thread-safe.
 */
final class EntryView {
    private static final long ADDRESS = fieldOffset("address");
    private static final long CAPACITY = fieldOffset("capacity");

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(0).asReadOnlyBuffer();

    private static long fieldOffset(String name) {
        try {
            return UnsafeMemory.INSTANCE.getFieldOffset(Buffer.class.getDeclaredField(name));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("java.nio.Buffer has no field " + name, e);
        }
    }

    void open(Data<byte[]> entry) {
        long address = entry.bytes().addressForRead(entry.offset());
        UnsafeMemory.unsafePutLong(buffer, ADDRESS, address);
        UnsafeMemory.unsafePutInt(buffer, CAPACITY, Math.toIntExact(entry.size()));
        buffer.clear().order(ByteOrder.BIG_ENDIAN);
    }

    void close() {
        buffer.position(0).limit(0);
        UnsafeMemory.unsafePutInt(buffer, CAPACITY, 0);
    }

    int size() {
        return buffer.capacity();
    }

    long version() {
        return buffer.getLong(EntryLayout.VERSION);
    }

    long softDeadline() {
        return buffer.getLong(EntryLayout.SOFT_DEADLINE);
    }

    long hardDeadline() {
        return buffer.getLong(EntryLayout.HARD_DEADLINE);
    }

    int slot() {
        return buffer.getInt(EntryLayout.SLOT);
    }

    int partition() {
        return buffer.getInt(EntryLayout.PARTITION);
    }

    boolean isValue() {
        return buffer.getInt(EntryLayout.VALUE_LENGTH) != EntryLayout.NO_VALUE;
    }

    boolean isOf(byte[] key) {
        if (buffer.getInt(EntryLayout.KEY_LENGTH) != key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (buffer.get(EntryLayout.HEADER_BYTES + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    /** The stored value, from position to limit, to be used before the view is closed. */
    ByteBuffer value() {
        int start = EntryLayout.HEADER_BYTES + buffer.getInt(EntryLayout.KEY_LENGTH);
        return buffer.position(start);
    }
}
