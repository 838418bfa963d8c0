package io.g2cache.chronicle;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** Makes the maps. */
final class Maps {
    private static final int BLOCK_BYTES = 1 << 20;

    private Maps() {}

    private static ChronicleMapBuilder<Long, byte[]> builder(String name, Geometry geometry) {
        return ChronicleMapBuilder.of(Long.class, byte[].class)
                .name(name)
                .averageValueSize(geometry.averageBytes())
                .entries(geometry.maximumEntries())
                .actualSegments(geometry.segments())
                .entriesPerSegment(geometry.segmentEntries())
                .actualChunkSize(geometry.chunkBytes())
                .actualChunksPerSegmentTier(geometry.segmentChunks())
                .maxChunksPerEntry(geometry.segmentChunks())
                .allowSegmentTiering(false)
                .checksumEntries(false)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .skipCloseOnExitHook(true);
    }

    /** A map in memory. */
    static ChronicleMap<Long, byte[]> inMemory(String name, Geometry geometry) {
        return builder(name, geometry).create();
    }

    /**
     * A map in an empty file, every byte of which has its place on the disk when this method returns: a full disk must show
     * here and not, as a signal that ends the JVM, when an entry is written.
     *
     * @throws IOException if there is no room
     */
    static ChronicleMap<Long, byte[]> inFile(String name, Geometry geometry, Path path) throws IOException {
        ChronicleMap<Long, byte[]> map = null;
        boolean filled = false;
        try {
            map = builder(name, geometry).createPersistedTo(path.toFile());
            fillHoles(path.toFile());
            filled = true;
            return map;
        } catch (RuntimeException | InternalError e) {
            // an InternalError is a store to a mapped page for which the disk has no room
            throw new IOException("no map can be made in file=" + path, e);
        } finally {
            if (map != null && !filled) {
                map.close();
            }
        }
    }

    /**
     * The map of a file that is known to be as a closed map has left it.
     *
     * @throws IOException if it is of no use all the same
     */
    static ChronicleMap<Long, byte[]> again(String name, Geometry geometry, Path path) throws IOException {
        try {
            return builder(name, geometry).createPersistedTo(path.toFile());
        } catch (RuntimeException | InternalError e) {
            throw new IOException("the map of file=" + path + " cannot be used again", e);
        }
    }

    /** Writes what the file holds over itself. Nobody may use the map meanwhile. */
    private static void fillHoles(File file) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (RandomAccessFile bytes = new RandomAccessFile(file, "rw")) {
            long length = bytes.length();
            for (long at = 0; at < length; ) {
                int count = (int) Math.min(BLOCK_BYTES, length - at);
                bytes.seek(at);
                bytes.readFully(block, 0, count);
                bytes.seek(at);
                bytes.write(block, 0, count);
                at += count;
            }
        }
    }
}
