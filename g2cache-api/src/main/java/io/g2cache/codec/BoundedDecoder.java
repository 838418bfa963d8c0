package io.g2cache.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding, read in place from a view on or off the heap. Trusts no length that it reads: text and bytes end
 * within the view, and all arrays and maps together claim no more items than the view has bytes, apart from a fixed
 * number that may take no bytes (nulls, empty records). So what decoding allocates is proportional to the view.
 *
 * <p>One per decoding, used by one thread. By the binary encoding chapter of the Avro 1.12 specification.
 */
final class BoundedDecoder extends Decoder {
    private static final int ITEMS_WITHOUT_BYTES = 1 << 16;
    private static final int LONGEST_VARINT = 10;

    private final ByteBuffer view;
    private long claimableItems;

    BoundedDecoder(ByteBuffer view) {
        this.view = view.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.claimableItems = (long) view.remaining() + ITEMS_WITHOUT_BYTES;
    }

    @Override
    public int remainingBytes() {
        return view.remaining();
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        byte bit = take(1).get();
        if (bit != 0 && bit != 1) {
            throw new IOException("boolean=" + bit + " must be 0 or 1");
        }
        return bit == 1;
    }

    @Override
    public int readInt() throws IOException {
        long number = readLong();
        if (number != (int) number) {
            throw new IOException("int=" + number + " is out of range");
        }
        return (int) number;
    }

    @Override
    public long readLong() throws IOException {
        long zigZag = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            byte part = take(1).get();
            zigZag |= (part & 0x7FL) << (7 * i);
            if (part >= 0) {
                return (zigZag >>> 1) ^ -(zigZag & 1);
            }
        }
        throw new IOException("varint is longer than " + LONGEST_VARINT + " bytes");
    }

    @Override
    public float readFloat() throws IOException {
        return take(Float.BYTES).getFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return take(Double.BYTES).getDouble();
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(readLengthAndBytes());
    }

    @Override
    public String readString() throws IOException {
        return new String(readLengthAndBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void skipString() throws IOException {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(readLengthAndBytes());
    }

    @Override
    public void skipBytes() throws IOException {
        skip(readLong());
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        take(length).get(bytes, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        skip(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return readItemCount();
    }

    @Override
    public long arrayNext() throws IOException {
        return readItemCount();
    }

    @Override
    public long skipArray() throws IOException {
        return skipBlocks();
    }

    @Override
    public long readMapStart() throws IOException {
        return readItemCount();
    }

    @Override
    public long mapNext() throws IOException {
        return readItemCount();
    }

    @Override
    public long skipMap() throws IOException {
        return skipBlocks();
    }

    /** A negative count is followed by the size of its block in bytes. */
    private long readItemCount() throws IOException {
        long count = readLong();
        if (count < 0) {
            readLong();
            count = -count;
        }
        return claim(count);
    }

    /** Skips blocks of known size; the number of items that the caller has to skip, 0 at the end. */
    private long skipBlocks() throws IOException {
        long count = readLong();
        while (count < 0) {
            skip(readLong());
            count = readLong();
        }
        return claim(count);
    }

    private long claim(long items) throws IOException {
        if (items < 0 || items > claimableItems) {
            throw new IOException("items=" + items + " cannot fit into the bytes given, limit=" + claimableItems);
        }
        claimableItems -= items;
        return items;
    }

    private byte[] readLengthAndBytes() throws IOException {
        long length = readLong();
        byte[] bytes = new byte[available(length)];
        view.get(bytes);
        return bytes;
    }

    private void skip(long length) throws IOException {
        view.position(view.position() + available(length));
    }

    private ByteBuffer take(long length) throws IOException {
        available(length);
        return view;
    }

    private int available(long length) throws IOException {
        if (length < 0 || length > view.remaining()) {
            throw new EOFException("length=" + length + " with remaining=" + view.remaining());
        }
        return (int) length;
    }
}
