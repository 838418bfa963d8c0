package io.g2cache.chronicle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * The header file of a store: which map file holds, whose entries are in it, and how it was left. All numbers are
 * big-endian, texts as {@link java.io.DataOutput#writeUTF} writes them.
 *
 * <pre>
 * magic (8) | format (4) | identity | map number (8) | mark (4) | seed (8) | hash seed (8) | clean (1) | boot id | maximum entries (8) |
 * segments (4) | chunk bytes (4) | chunks of a segment (4) | CRC32C of all before (4)
 * </pre>
 *
 * @param identity what the entries mean
 * @param number number of the map file and of its checkpoint file
 * @param seal seal of the map file's entries
 * @param hashSeed mixed into the hashes of the keys; kept, so that a map of the same sizes has the same entries in each segment
 * @param clean whether the store was closed and every byte of it is on the disk
 * @param bootId the machine's run in which it was opened; empty if unknown
 * @param geometry sizes of the map
 */
record StoreHeader(
        StoreIdentity identity,
        long number,
        Seal seal,
        long hashSeed,
        boolean clean,
        String bootId,
        Geometry geometry) {
    /** No header is longer. */
    static final int MOST_BYTES = 1 << 18;

    static final long MAGIC = 0x6732_6361_6368_650AL;
    static final int FORMAT = 2;

    private static final int START_BYTES = Long.BYTES + Integer.BYTES;

    /** The same files, closed and complete. */
    StoreHeader closed() {
        return new StoreHeader(identity, number, seal, hashSeed, true, bootId, geometry);
    }

    /** The same files, in use again. */
    StoreHeader opened(String newBootId) {
        return new StoreHeader(identity, number, seal, hashSeed, false, newBootId, geometry);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(MAGIC);
            out.writeInt(FORMAT);
            identity.write(out);
            out.writeLong(number);
            out.writeInt(seal.mark());
            out.writeLong(seal.seed());
            out.writeLong(hashSeed);
            out.writeBoolean(clean);
            out.writeUTF(bootId);
            out.writeLong(geometry.maximumEntries());
            out.writeInt(geometry.segments());
            out.writeInt(geometry.chunkBytes());
            out.writeInt(geometry.segmentChunks());
            out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new IllegalArgumentException("a name is too long: " + identity, e);
        }
        return bytes.toByteArray();
    }

    /** @throws UnusableStoreException if it is no header of this format */
    static StoreHeader decode(byte[] bytes) throws UnusableStoreException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (bytes.length < START_BYTES || in.readLong() != MAGIC) {
                throw new UnusableStoreException("the header is not one of a local tier");
            }
            int format = in.readInt();
            if (format != FORMAT) {
                throw new UnusableStoreException("format=" + format + ", wanted format=" + FORMAT);
            }
            int end = bytes.length - Integer.BYTES;
            DataInputStream last = new DataInputStream(new ByteArrayInputStream(bytes, end, Integer.BYTES));
            if (end < START_BYTES || last.readInt() != checksum(bytes, end)) {
                throw new UnusableStoreException("the header is damaged");
            }
            StoreIdentity identity = StoreIdentity.read(in);
            long number = in.readLong();
            Seal seal = new Seal(in.readInt(), in.readLong());
            long hashSeed = in.readLong();
            boolean clean = in.readBoolean();
            String bootId = in.readUTF();
            Geometry geometry = new Geometry(in.readLong(), in.readInt(), in.readInt(), in.readInt(), 0);
            return new StoreHeader(identity, number, seal, hashSeed, clean, bootId, geometry);
        } catch (IOException e) {
            throw new UnusableStoreException("the header is damaged", e);
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
