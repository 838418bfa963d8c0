package io.g2cache.chronicle;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LogPosition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoint of a map file: two slots that are written in turn, each by one write, so that one of them is whole at
 * every moment. All numbers are big-endian.
 *
 * <pre>
 *  0          8            12
 * +----------+------------+-------------------------+------------------------+--------+
 * | sequence | partitions | position of each (8)    | floor of each (8)      | CRC32C |   the checksum is
 * +----------+------------+-------------------------+------------------------+--------+   that of the map's seal
 * </pre>
 *
 * The second slot begins at the next multiple of 4,096 bytes. Not thread-safe.
 */
final class CheckpointFile implements AutoCloseable {
    private static final int ALIGNMENT = 4096;
    private static final int SLOTS = 2;
    private static final int START_BYTES = Long.BYTES + Integer.BYTES;

    private final RandomAccessFile file;
    private final int partitions;
    private final Seal seal;
    private long sequence;

    private CheckpointFile(RandomAccessFile file, int partitions, Seal seal) {
        this.file = file;
        this.partitions = partitions;
        this.seal = seal;
    }

    /** Takes an existing file for a new map, with room for both slots, so that no later write needs any. */
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
        again.sequence = newestSequence(again.file, partitions, seal);
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
        long next = sequence + 1;
        ByteBuffer slot =
                ByteBuffer.allocate(slotBytes(partitions)).putLong(next).putInt(partitions);
        put(slot, checkpoint.position());
        put(slot, checkpoint.floors());
        slot.putInt(checksum(slot.array(), slot.position(), seal));
        file.seek(slotOffset((int) (next % SLOTS), partitions));
        file.write(slot.array());
        sequence = next;
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

    private static int checksum(byte[] bytes, int length, Seal seal) {
        CRC32C checksum = seal.newChecksum();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    /** The newest whole checkpoint in a file; null if there is none. */
    static @Nullable Checkpoint read(Path path, int partitions, Seal seal) throws IOException {
        if (!Files.isRegularFile(path)) {
            return null;
        }
        try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
            long newest = newestSequence(in, partitions, seal);
            ByteBuffer slot = newest == 0 ? null : slot(in, (int) (newest % SLOTS), partitions, seal);
            return slot == null ? null : new Checkpoint(take(slot, partitions), take(slot, partitions));
        }
    }

    /** The sequence number of the newest whole slot; 0 if there is none. */
    private static long newestSequence(RandomAccessFile in, int partitions, Seal seal) throws IOException {
        long newest = 0;
        for (int i = 0; i < SLOTS; i++) {
            ByteBuffer slot = slot(in, i, partitions, seal);
            newest = slot == null ? newest : Math.max(newest, slot.getLong(0));
        }
        return newest;
    }

    /** A whole slot, positioned behind its start; null if it is not whole. */
    private static @Nullable ByteBuffer slot(RandomAccessFile in, int index, int partitions, Seal seal)
            throws IOException {
        byte[] bytes = new byte[slotBytes(partitions)];
        int offset = slotOffset(index, partitions);
        if (in.length() < offset + bytes.length) {
            return null;
        }
        in.seek(offset);
        in.readFully(bytes);
        ByteBuffer slot = ByteBuffer.wrap(bytes);
        int end = bytes.length - Integer.BYTES;
        boolean isWhole = slot.getLong() % SLOTS == index
                && slot.getInt() == partitions
                && slot.getInt(end) == checksum(bytes, end, seal);
        return isWhole ? slot : null;
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
