package io.g2cache.testkit.races;

import io.g2cache.WriteQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the nodes of a run queue their writes. The directory of a killed node is locked as long as the JVM lives, so whoever
 * starts in its place gets a copy. Used by one thread.
 */
final class QueueDirectories {
    private final Path root;
    private @Nullable Path heritage;
    private int made;

    QueueDirectories(Path root) {
        this.root = root;
    }

    /** The next node starts with what the node that was started as the given one, counted from 0, has left. */
    void inherit(int node) {
        heritage = root.resolve("queue-" + node);
    }

    WriteQueue next() {
        Path directory = root.resolve("queue-" + made++);
        Path from = heritage;
        heritage = null;
        if (from != null && Files.isDirectory(from)) {
            copy(from, directory);
        }
        return WriteQueue.in(directory).withForced(false);
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            List<Path> all =
                    files.filter(file -> !file.endsWith("lock")).sorted().toList();
            for (Path file : all) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
