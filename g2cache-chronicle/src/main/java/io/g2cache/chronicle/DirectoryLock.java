package io.g2cache.chronicle;

import io.g2cache.TierException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a directory to one tier of one process. The operating system lets go of a process's lock as soon as the process
 * closes <em>any</em> channel to the file, so a second tier of this process must be turned away before it opens one.
 * Thread-safe.
 */
final class DirectoryLock implements AutoCloseable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Channels to files that another class loader's tiers hold: never closed, for that would end their lock. */
    private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks.
     *
     * @param file the file in the directory to be locked, which exists
     * @throws TierException if another tier has it
     */
    static DirectoryLock of(Path directory, Path file) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw new TierException("directory=" + real + " is in use by another tier of this process");
        }
        DirectoryLock lock = null;
        try {
            lock = lock(real, file);
            if (lock == null) {
                throw new TierException("directory=" + real + " is in use by another process");
            }
            return lock;
        } finally {
            if (lock == null) {
                HELD.remove(real);
            }
        }
    }

    private static @Nullable DirectoryLock lock(Path directory, Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        boolean keepOpen = false;
        try {
            FileLock lock = channel.tryLock();
            keepOpen = lock != null;
            return lock == null ? null : new DirectoryLock(directory, channel);
        } catch (OverlappingFileLockException e) {
            keepOpen = true;
            KEPT_OPEN.add(channel);
            throw new TierException("directory=" + directory + " is in use by another tier of this process", e);
        } finally {
            if (!keepOpen) {
                channel.close();
            }
        }
    }

    /** Unlocks. Idempotent. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                HELD.remove(directory);
            }
        }
    }
}
