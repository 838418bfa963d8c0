package io.g2cache.internal.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a queue and the names of its files: {@code lock}, {@code head} and {@code segment-<n>}. Only their owner
 * may read them. Held by one process from {@link #open} to {@link #close}.
 */
final class QueueDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNERS_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNERS_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Pattern SEGMENT = Pattern.compile("segment-(\\d{1,18})");

    private final Path path;
    private final FileChannel lock;

    private QueueDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory if there is none, and locks it.
     *
     * @throws IOException if that fails, or another queue has it
     */
    static QueueDirectory open(Path path) throws IOException {
        Files.createDirectories(path, attributes(path, OWNERS_DIRECTORY));
        if (isPosix(path) && !Files.getPosixFilePermissions(path).equals(OWNERS_DIRECTORY)) {
            Files.setPosixFilePermissions(path, OWNERS_DIRECTORY);
        }
        FileChannel channel = openFile(path.resolve("lock"));
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException("directory=" + path + " is in use by another write queue");
        }
        return new QueueDirectory(path, channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    /** Opens a file for reading and writing; makes it if there is none. */
    static FileChannel openFile(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                attributes(file, OWNERS_FILE));
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        for (long next = at; bytes.hasRemaining(); ) {
            next += channel.write(bytes, next);
        }
    }

    Path path() {
        return path;
    }

    Path head() {
        return path.resolve("head");
    }

    Path segment(long number) {
        return path.resolve("segment-" + number);
    }

    /** The segments that there are, by number. */
    SortedMap<Long, Path> segments() throws IOException {
        SortedMap<Long, Path> segments = new TreeMap<>();
        try (Stream<Path> files = Files.list(path)) {
            files.forEach(file -> {
                Matcher name = SEGMENT.matcher(file.getFileName().toString());
                if (name.matches()) {
                    segments.put(Long.parseLong(name.group(1)), file);
                }
            });
        }
        return segments;
    }

    /** Brings the names of new files to the disk, where the system can do that for a directory. */
    void force() throws IOException {
        if (isPosix(path)) {
            try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
