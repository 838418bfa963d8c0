package io.g2cache.chronicle;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TagFloor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint of a map file: two slots that are written in turn, each by one write, so that one of them is whole at
 * every moment. All numbers are big-endian.
 *
 * <pre>
 *  0          8            12              20         24         28
 * +----------+------------+---------------+----------+----------+----------------------+------------------+--------+
 * | sequence | partitions | offset of the | count of | CRC32C   | position of each (8) | floor of each (8)| CRC32C |
 * |          |            | tags' floors  | those    | of those |                      |                  |        |
 * +----------+------------+---------------+----------+----------+----------------------+------------------+--------+
 * </pre>
 *
 * The checksums are that of the map's seal. The second slot begins at the next multiple of 4,096 bytes, the tags' floors
 * behind it ({@link TagFloorArea}): they are written before the slot that names them, never over those that the newest slot
 * names, and only when they have changed. Not thread-safe.
 */
final class CheckpointFile implements AutoCloseable {
    private static final int ALIGNMENT = 4096;
    private static final int SLOTS = 2;
    private static final int START_BYTES = Long.BYTES + Integer.BYTES + TagFloorArea.BYTES;

    private final RandomAccessFile file;
    private final int partitions;
    private final Seal seal;
    private long sequence;
    private TagFloorArea area;
    private List<TagFloor> inArea = List.of();

    private CheckpointFile(RandomAccessFile file, int partitions, Seal seal) {
        this.file = file;
        this.partitions = partitions;
        this.seal = seal;
        area = TagFloorArea.empty(slotOffset(SLOTS, partitions));
    }

    /** Takes an existing file for a new map, with room for both slots, so that only floors of tags may need more later. */
    static CheckpointFile create(Path path, int partitions, Seal seal) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        boolean done = false;
        try {
            file.write(new byte[slotOffset(SLOTS - 1, partitions) + slotBytes(partitions)]);
            done = true;
            return new CheckpointFile(file, partitions, seal);
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /** Takes the file of a map that is used again, as {@link #read} has found it. */
    static CheckpointFile again(Path path, int partitions, Seal seal) throws IOException {
        CheckpointFile again = new CheckpointFile(new RandomAccessFile(path.toFile(), "rw"), partitions, seal);
        Slot newest = newest(again.file, partitions, seal);
        if (newest != null) {
            again.sequence = newest.sequence;
            again.area = newest.area;
            again.inArea = newest.checkpoint.tagFloors();
        }
        return again;
    }

    private static int slotBytes(int partitions) {
        return START_BYTES + 2 * Long.BYTES * partitions + Integer.BYTES;
    }

    private static int slotOffset(int slot, int partitions) {
        return slot * ((slotBytes(partitions) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    /** Writes over the older slot. */
    void write(Checkpoint checkpoint) throws IOException {
        if (checkpoint.position().partitions() != partitions) {
            throw new IllegalArgumentException("checkpoint of partitions="
                    + checkpoint.position().partitions() + " in a store of partitions=" + partitions);
        }
        List<TagFloor> tagFloors = checkpoint.tagFloors();
        TagFloorArea next = tagFloors.equals(inArea)
                ? area
                : TagFloorArea.write(file, area.other(slotOffset(SLOTS, partitions), tagFloors), tagFloors, seal);
        ByteBuffer slot =
                ByteBuffer.allocate(slotBytes(partitions)).putLong(sequence + 1).putInt(partitions);
        next.put(slot);
        put(slot, checkpoint.position());
        put(slot, checkpoint.floors());
        slot.putInt(seal.checksum(slot.array(), slot.position()));
        file.seek(slotOffset((int) ((sequence + 1) % SLOTS), partitions));
        file.write(slot.array());
        sequence++;
        area = next;
        inArea = tagFloors;
    }

    private static void put(ByteBuffer slot, LogPosition position) {
        for (int p = 0; p < position.partitions(); p++) {
            slot.putLong(position.offset(p));
        }
    }

    private static LogPosition take(ByteBuffer slot, int partitions) {
        long[] offsets = new long[partitions];
        for (int p = 0; p < partitions; p++) {
            offsets[p] = slot.getLong();
        }
        return LogPosition.of(offsets);
    }

    /** A whole slot. */
    private record Slot(long sequence, TagFloorArea area, Checkpoint checkpoint) {}

    /** The newest whole checkpoint in a file; null if there is none. */
    static @Nullable Checkpoint read(Path path, int partitions, Seal seal) throws IOException {
        if (!Files.isRegularFile(path)) {
            return null;
        }
        try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
            Slot newest = newest(in, partitions, seal);
            return newest == null ? null : newest.checkpoint;
        }
    }

    private static @Nullable Slot newest(RandomAccessFile in, int partitions, Seal seal) throws IOException {
        Slot newest = null;
        for (int i = 0; i < SLOTS; i++) {
            Slot slot = slot(in, i, partitions, seal);
            newest = newest == null || (slot != null && slot.sequence > newest.sequence) ? slot : newest;
        }
        return newest;
    }

    /** A slot with its floors of tags; null if it is not whole. */
    private static @Nullable Slot slot(RandomAccessFile in, int index, int partitions, Seal seal) throws IOException {
        byte[] bytes = new byte[slotBytes(partitions)];
        int offset = slotOffset(index, partitions);
        if (in.length() < offset + bytes.length) {
            return null;
        }
        in.seek(offset);
        in.readFully(bytes);
        ByteBuffer slot = ByteBuffer.wrap(bytes);
        int end = bytes.length - Integer.BYTES;
        long sequence = slot.getLong();
        if (sequence % SLOTS != index || slot.getInt() != partitions || slot.getInt(end) != seal.checksum(bytes, end)) {
            return null;
        }
        TagFloorArea area = TagFloorArea.take(slot);
        List<TagFloor> tagFloors = area.read(in, seal);
        if (tagFloors == null) {
            return null;
        }
        return new Slot(sequence, area, new Checkpoint(take(slot, partitions), take(slot, partitions), tagFloors));
    }

    /** Waits until everything written is on the disk. */
    void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
