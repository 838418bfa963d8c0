package io.g2cache.chronicle;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import net.openhft.chronicle.map.ChronicleMap;
import org.jspecify.annotations.Nullable;

/**
 * The file that goes with the map file of a closed store: its checksum, and what the tier knew on the heap. Where all of it
 * fits, the map is used again as it is; else its entries are salvaged. One walk over the state serves both directions, so
 * that they cannot differ: whoever walks hands in what it has, and takes what it gets.
 *
 * <pre>
 * checksum of the map file (8) | its length (8) | Chronicle's version (8) | state, as the tier walks it | checksum of all before, by the seal (8)
 * </pre>
 *
 * All numbers are big-endian; lengths are those of the walker's own arrays. Not thread-safe.
 */
final class Image {
    private static final int BLOCK_BYTES = 1 << 16;

    /** Another version may lay a map out in another way, and would not say so. */
    private static final @Nullable String LIBRARY =
            ChronicleMap.class.getPackage().getImplementationVersion();

    /** Raised with every change of what a walk hands over. */
    private static final int FORMAT = 1;

    private Image() {}

    /** A walk over the state of a tier. */
    interface Walk {
        /** One number. */
        long number(long value) throws IOException;

        /** All numbers of an array. */
        void longs(long[] values) throws IOException;

        /** All numbers of an array. */
        void ints(int[] values) throws IOException;

        /** All numbers of an array. */
        void bytes(byte[] values) throws IOException;
    }

    /** Something that can be walked over. */
    @FunctionalInterface
    interface State {
        /** Hands everything to the walk, and takes over what it gives back. */
        void walk(Walk walk) throws IOException;
    }

    /** Writes the image of a map file that nobody writes to any more, and brings it to the disk. */
    static void write(Path path, Path map, Seal seal, State state) throws IOException, UnusableStoreException {
        CRC32C checksum = seal.newChecksum();
        try (FileOutputStream file = new FileOutputStream(path.toFile())) {
            DataOutputStream out = new DataOutputStream(
                    new CheckedOutputStream(new BufferedOutputStream(file, BLOCK_BYTES), checksum));
            out.writeLong(checksumOf(map, () -> {}));
            out.writeLong(map.toFile().length());
            out.writeLong(version());
            state.walk(new Writing(out));
            out.writeLong(checksum.getValue());
            out.flush();
            file.getFD().sync();
        }
    }

    /**
     * Looks whether an image and its map file are as they were written, without using anything of them.
     *
     * @throws IOException if they are not
     * @throws UnusableStoreException if the time is over
     */
    static void check(Path path, Path map, Seal seal, Patience patience) throws IOException, UnusableStoreException {
        CRC32C checksum = seal.newChecksum();
        long left = path.toFile().length() - Long.BYTES;
        try (DataInputStream in = new DataInputStream(new FileInputStream(path.toFile()))) {
            byte[] block = new byte[BLOCK_BYTES];
            ByteBuffer start = ByteBuffer.wrap(block);
            long mapChecksum = 0;
            long mapLength = -1;
            long version = ~version();
            for (boolean first = true; left > 0; first = false) {
                int count = (int) Math.min(left, block.length);
                in.readFully(block, 0, count);
                checksum.update(block, 0, count);
                if (first) {
                    mapChecksum = start.getLong(0);
                    mapLength = start.getLong(Long.BYTES);
                    version = start.getLong(2 * Long.BYTES);
                }
                left -= count;
            }
            if (left < 0 || in.readLong() != checksum.getValue()) {
                throw new IOException("file=" + path + " is damaged");
            }
            if (version != version() || LIBRARY == null) {
                throw new IOException("file=" + map + " was, or may have been, written by another version");
            }
            if (map.toFile().length() != mapLength || checksumOf(map, patience) != mapChecksum) {
                throw new IOException("file=" + map + " is not as it was closed");
            }
        }
    }

    /**
     * Reads an image that was checked into a state that nobody uses yet, and which is of no use where this throws.
     *
     * @throws IOException if the image is not one of such a state
     */
    static void read(Path path, State state) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new FileInputStream(path.toFile()), BLOCK_BYTES))) {
            in.readLong();
            in.readLong();
            in.readLong();
            state.walk(new Reading(in));
            in.readLong();
            if (in.read() >= 0) {
                throw new IOException("file=" + path + " is of another state");
            }
        }
    }

    private static long checksumOf(Path map, Patience patience) throws IOException, UnusableStoreException {
        CRC32C checksum = new CRC32C();
        byte[] block = new byte[BLOCK_BYTES];
        try (FileInputStream in = new FileInputStream(map.toFile())) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                checksum.update(block, 0, read);
                patience.require();
            }
        }
        return checksum.getValue();
    }

    private static long version() {
        return Objects.hash(FORMAT, LIBRARY);
    }

    private record Writing(DataOutputStream out) implements Walk {
        @Override
        public long number(long value) throws IOException {
            out.writeLong(value);
            return value;
        }

        @Override
        public void longs(long[] values) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES));
            bytes.asLongBuffer().put(values);
            out.write(bytes.array());
        }

        @Override
        public void ints(int[] values) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Integer.BYTES));
            bytes.asIntBuffer().put(values);
            out.write(bytes.array());
        }

        @Override
        public void bytes(byte[] values) throws IOException {
            out.write(values);
        }
    }

    private record Reading(DataInputStream in) implements Walk {
        @Override
        public long number(long value) throws IOException {
            return in.readLong();
        }

        @Override
        public void longs(long[] values) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES));
            in.readFully(bytes.array());
            bytes.asLongBuffer().get(values);
        }

        @Override
        public void ints(int[] values) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Integer.BYTES));
            in.readFully(bytes.array());
            bytes.asIntBuffer().get(values);
        }

        @Override
        public void bytes(byte[] values) throws IOException {
            in.readFully(values);
        }
    }
}
