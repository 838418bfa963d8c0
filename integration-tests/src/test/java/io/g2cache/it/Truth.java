package io.g2cache.it;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A database that outlives the processes that write to it: two numbers for each key in a shared mapping. The row is raised
 * when a writer commits; what is acknowledged follows when the cache has acknowledged the write that tells of it. Each key
 * has one writer. Thread-safe, also between processes.
 */
final class Truth {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int ROW_BYTES = 2 * Long.BYTES;

    private final ByteBuffer rows;
    private final int keys;

    /** Opens the database of a file, which is made if it is not there. */
    Truth(Path file, int keys) throws IOException {
        this.keys = keys;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            rows = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) keys * ROW_BYTES);
        }
    }

    int keys() {
        return keys;
    }

    static String key(int index) {
        return "key-" + index;
    }

    /** The row of a key. */
    long read(int key) {
        return (long) LONGS.getVolatile(rows, key * ROW_BYTES);
    }

    /** Commits the next row of a key. */
    long update(int key) {
        return (long) LONGS.getAndAdd(rows, key * ROW_BYTES, 1L) + 1;
    }

    /** What no cache may be older than. */
    long acknowledged(int key) {
        return (long) LONGS.getVolatile(rows, key * ROW_BYTES + Long.BYTES);
    }

    /** The cache has acknowledged a write that told of this row. */
    void acknowledge(int key, long row) {
        LONGS.setVolatile(rows, key * ROW_BYTES + Long.BYTES, row);
    }
}
