package io.g2cache.chronicle;

import io.g2cache.TierException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of one cache, and the names of its files: {@code lock}, {@code header}, {@code map-<n>},
 * {@code checkpoint-<n>} and {@code image-<n>}. Only their owner may read them. Held by one tier from {@link #open} to {@link #close}. Thread-safe
 * as far as the file system is.
 */
final class StoreDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNERS_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNERS_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern NUMBERED = Pattern.compile("(?:map|checkpoint|image)-([0-9]{1,18})");

    private final Path path;
    private final DirectoryLock lock;

    private StoreDirectory(Path path, DirectoryLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory of a cache if there is none, and locks it.
     *
     * @throws TierException if it is no directory, is in use, or this process may not write to it
     * @throws IOException if the file system fails
     */
    static StoreDirectory open(Path root, String cache) throws IOException {
        if (!NAME.matcher(cache).matches() || cache.equals(".") || cache.equals("..")) {
            throw new TierException("cache=" + cache + " cannot be kept in a directory of its name");
        }
        Path path = root.resolve(cache);
        try {
            Files.createDirectories(path, attributes(root, OWNERS_DIRECTORY));
        } catch (IOException e) {
            requireWritableDirectory(existing(path));
            throw e;
        }
        requireWritableDirectory(path);
        if (isPosix(path) && !Files.getPosixFilePermissions(path).equals(OWNERS_DIRECTORY)) {
            Files.setPosixFilePermissions(path, OWNERS_DIRECTORY);
        }
        Path file = path.resolve("lock");
        try {
            Files.createFile(file, attributes(path, OWNERS_FILE));
        } catch (FileAlreadyExistsException e) {
            // left by the one before, as intended
        }
        return new StoreDirectory(path, DirectoryLock.of(path, file));
    }

    private static void requireWritableDirectory(Path path) {
        if (!Files.isDirectory(path)) {
            throw new TierException("path=" + path + " is not a directory");
        }
        if (!Files.isWritable(path)) {
            throw new TierException("directory=" + path + " is not writable");
        }
    }

    /** The path, or the nearest thing above it that there is. */
    private static Path existing(Path path) {
        Path at = path.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static boolean isPosix(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView("posix");
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    Path path() {
        return path;
    }

    Path map(long number) {
        return path.resolve("map-" + number);
    }

    Path checkpoint(long number) {
        return path.resolve("checkpoint-" + number);
    }

    Path image(long number) {
        return path.resolve("image-" + number);
    }

    /** Makes an empty file in place of whatever has that name. */
    void create(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, attributes(path, OWNERS_FILE));
    }

    /** Bytes that this process could still store. */
    long usableBytes() throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    /** @throws UnusableStoreException if there is none that can be read */
    StoreHeader header() throws UnusableStoreException {
        Path file = path.resolve("header");
        try {
            if (Files.size(file) > StoreHeader.MOST_BYTES) {
                throw new UnusableStoreException("the header is not one of a local tier");
            }
            return StoreHeader.decode(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new UnusableStoreException("there is no header");
        } catch (IOException e) {
            throw new UnusableStoreException("the header cannot be read", e);
        }
    }

    /** Replaces the header in one step that survives a crash of the machine. */
    void header(StoreHeader header) throws IOException {
        Path next = path.resolve("header.tmp");
        create(next);
        try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(header.encode());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, path.resolve("header"), StandardCopyOption.ATOMIC_MOVE);
        force();
    }

    private void force() throws IOException {
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** A number above that of every file here. */
    long nextNumber() throws IOException {
        long greatest = 0;
        for (Path file : numbered()) {
            greatest = Math.max(greatest, number(file));
        }
        return greatest + 1;
    }

    /** Whether it holds no map and no checkpoint. */
    boolean isEmpty() throws IOException {
        return numbered().isEmpty();
    }

    /** Deletes the header and every map and checkpoint. */
    void clear() throws IOException {
        Files.deleteIfExists(path.resolve("header"));
        deleteAllBut(0);
    }

    /** Deletes the files of other numbers. */
    void deleteAllBut(long number) throws IOException {
        for (Path file : numbered()) {
            if (number(file) != number) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Deletes a map and what goes with it. */
    void delete(long number) throws IOException {
        Files.deleteIfExists(map(number));
        Files.deleteIfExists(checkpoint(number));
        Files.deleteIfExists(image(number));
    }

    private List<Path> numbered() throws IOException {
        List<Path> files = new ArrayList<>();
        try (var all = Files.newDirectoryStream(path)) {
            for (Path file : all) {
                if (NUMBERED.matcher(file.getFileName().toString()).matches()) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static long number(Path file) {
        Matcher name = NUMBERED.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }

    /** Lets go of the directory. Idempotent. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
