package io.g2cache.chronicle;

import io.g2cache.spi.TagFloor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in a checkpoint file the floors of tags are: one after another, each as partition (4), hash of the tag (8) and
 * version (8). Immutable.
 *
 * @param offset where the first one begins
 * @param count how many there are
 * @param checksum checksum of all of them
 */
record TagFloorArea(long offset, int count, int checksum) {
    /** Bytes of {@link #put}. */
    static final int BYTES = Long.BYTES + 2 * Integer.BYTES;

    private static final int FLOOR_BYTES = Integer.BYTES + 2 * Long.BYTES;

    /** An area without floors. */
    static TagFloorArea empty(long offset) {
        return new TagFloorArea(offset, 0, 0);
    }

    static TagFloorArea take(ByteBuffer slot) {
        return new TagFloorArea(slot.getLong(), slot.getInt(), slot.getInt());
    }

    void put(ByteBuffer slot) {
        slot.putLong(offset).putInt(count).putInt(checksum);
    }

    private long end() {
        return offset + (long) count * FLOOR_BYTES;
    }

    /** Where other floors have room that leave these untouched: before them, from the given place on, or behind them. */
    long other(long first, List<TagFloor> floors) {
        return first + (long) floors.size() * FLOOR_BYTES <= offset ? first : end();
    }

    /** Writes floors to a place. */
    static TagFloorArea write(RandomAccessFile file, long offset, List<TagFloor> floors, Seal seal) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(floors.size(), FLOOR_BYTES));
        for (TagFloor floor : floors) {
            bytes.putInt(floor.partition()).putLong(floor.tag()).putLong(floor.version());
        }
        file.seek(offset);
        file.write(bytes.array());
        return new TagFloorArea(offset, floors.size(), seal.checksum(bytes.array(), bytes.position()));
    }

    /** The floors; null if they are not what was written. */
    @Nullable
    List<TagFloor> read(RandomAccessFile file, Seal seal) throws IOException {
        if (count == 0) {
            return List.of();
        }
        if (count < 0 || offset < 0 || count > Integer.MAX_VALUE / FLOOR_BYTES || file.length() < end()) {
            return null;
        }
        byte[] bytes = new byte[count * FLOOR_BYTES];
        file.seek(offset);
        file.readFully(bytes);
        if (seal.checksum(bytes, bytes.length) != checksum) {
            return null;
        }
        ByteBuffer all = ByteBuffer.wrap(bytes);
        List<TagFloor> floors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            floors.add(new TagFloor(all.getInt(), all.getLong(), all.getLong()));
        }
        return List.copyOf(floors);
    }
}
