package io.g2cache.chronicle;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalContext;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Finds the live entries in a part of an old map file, which is read as a bag of bytes: neither its hash tables nor its
 * locks are looked at. An entry is live where a mark is followed by a plausible header, a checksum that fits, and a key that
 * belongs to the stored partition.
 *
 * <p>Not thread-safe; several, each with a part of the file, may fill one tier at once.
 */
final class Salvage {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final LocalContext<?, ?> context;
    private final ChronicleLocalCache<?, ?> tier;
    private final Seal seal;
    private final Checkpoint checkpoint;
    private final Patience patience;
    private final long[] newest;

    /** What was read last, which begins at {@link #start} in the file; grows to the largest entry that the tier takes. */
    private byte[] block = new byte[BLOCK_BYTES];

    private long start;
    private int filled;
    private long dead;

    /**
     * Prepares.
     *
     * @param seal seal of the old file
     * @param patience asked before each block is read
     */
    Salvage(
            LocalContext<?, ?> context,
            ChronicleLocalCache<?, ?> tier,
            Seal seal,
            Checkpoint checkpoint,
            Patience patience) {
        this.context = context;
        this.tier = tier;
        this.seal = seal;
        this.checkpoint = checkpoint;
        this.patience = patience;
        newest = new long[checkpoint.position().partitions()];
        Arrays.fill(newest, Long.MIN_VALUE);
    }

    /**
     * Puts the live entries that begin between two places of a file into the tier.
     *
     * @throws UnusableStoreException if the time is over
     */
    void read(Path path, long from, long to) throws IOException, UnusableStoreException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long length = file.length();
            start = from;
            filled = 0;
            int at = 0;
            while (start + at < to) {
                at = mark(at);
                int missing = missingBytes(at, length);
                if (missing < 0) {
                    at++;
                } else if (missing > 0) {
                    if (!refill(file, at, missing, length)) {
                        return;
                    }
                    at = 0;
                } else if (start + at < to) {
                    at += take(at);
                }
            }
        }
    }

    /** The next place from the given one on that has the mark, or is too near the end of the block to tell. */
    private int mark(int from) {
        long pattern = (seal.mark() >>> 24) * ONES;
        int at = from;
        while (at <= filled - Long.BYTES) {
            long differences = (long) LONGS.get(block, at) ^ pattern;
            long zeros = (differences - ONES) & ~differences & HIGH_BITS;
            if (zeros == 0) {
                at += Long.BYTES;
                continue;
            }
            // borrows can show a zero too many, but only before, in the number's order, a true one
            for (int end = at + Long.BYTES; at < end; at++) {
                if (at > filled - Integer.BYTES || (int) INTS.get(block, at) == seal.mark()) {
                    return at;
                }
            }
        }
        while (at <= filled - Integer.BYTES && (int) INTS.get(block, at) != seal.mark()) {
            at++;
        }
        return at;
    }

    /** Bytes of the entry at a place that are not in the block; 0 if all are; negative if there can be no entry. */
    private int missingBytes(int at, long length) {
        int there = filled - at;
        if (there < EntryLayout.HEADER_BYTES) {
            return EntryLayout.HEADER_BYTES - there;
        }
        int keyLength = (int) INTS.get(block, at + EntryLayout.KEY_LENGTH);
        int valueLength = (int) INTS.get(block, at + EntryLayout.VALUE_LENGTH);
        if (keyLength < 0 || valueLength < EntryLayout.NO_VALUE) {
            return -1;
        }
        long size = EntryLayout.size(keyLength, Math.max(0, valueLength));
        if (size > tier.maximumSize() || size > length - (start + at)) {
            return -1;
        }
        return (int) Math.max(0, size - there);
    }

    /** Moves the block on to a place of it and reads at least some bytes more; false at the end of the file. */
    private boolean refill(RandomAccessFile file, int at, int missing, long length)
            throws IOException, UnusableStoreException {
        patience.require();
        int kept = filled - at;
        byte[] next = kept + missing > block.length ? new byte[kept + missing] : block;
        System.arraycopy(block, at, next, 0, kept);
        block = next;
        start += at;
        filled = kept;
        long left = length - start - kept;
        if (left < missing) {
            return false;
        }
        int count = (int) Math.min(left, block.length - kept);
        file.seek(start + kept);
        while (filled < kept + count) {
            int read = file.read(block, filled, kept + count - filled);
            if (read < 0) {
                throw new EOFException("the file became shorter");
            }
            filled += read;
        }
        return true;
    }

    /** Takes the entry at a place if it is whole, and returns how far to go on. */
    private int take(int at) {
        int keyLength = (int) INTS.get(block, at + EntryLayout.KEY_LENGTH);
        int valueLength = (int) INTS.get(block, at + EntryLayout.VALUE_LENGTH);
        int size = (int) EntryLayout.size(keyLength, Math.max(0, valueLength));
        CRC32C checksum = seal.newChecksum();
        checksum.update(block, at + EntryLayout.VERSION, size - EntryLayout.VERSION);
        if ((int) checksum.getValue() != (int) INTS.get(block, at + EntryLayout.CHECKSUM)) {
            return 1;
        }
        int keyStart = at + EntryLayout.HEADER_BYTES;
        EncodedKey key = context.keySpace().key(Arrays.copyOfRange(block, keyStart, keyStart + keyLength));
        if (key.partition() != (int) INTS.get(block, at + EntryLayout.PARTITION)) {
            return 1;
        }
        ByteBuffer header = ByteBuffer.wrap(block, at, EntryLayout.HEADER_BYTES).slice();
        long version = header.getLong(EntryLayout.VERSION);
        long soft = header.getLong(EntryLayout.SOFT_DEADLINE);
        long hard = header.getLong(EntryLayout.HARD_DEADLINE);
        if (version < checkpoint.floors().offset(key.partition())) {
            dead++;
        } else {
            int valueStart = keyStart + keyLength;
            Entry entry = valueLength == EntryLayout.NO_VALUE
                    ? Entry.absent(version, soft, hard)
                    : Entry.value(version, soft, hard, Arrays.copyOfRange(block, valueStart, valueStart + valueLength));
            if (tier.restore(key, entry)) {
                newest[key.partition()] = Math.max(newest[key.partition()], version);
            }
        }
        return size;
    }

    /** Live entries that were left out because they were below the floor. */
    long dead() {
        return dead;
    }

    /** The greatest version of a partition that was put into the tier; {@link Long#MIN_VALUE} if none was. */
    long newest(int partition) {
        return newest[partition];
    }
}
