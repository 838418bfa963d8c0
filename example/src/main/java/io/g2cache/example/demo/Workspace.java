package io.g2cache.example.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary directory of a run. Thread-safe. */
final class Workspace {
    private final Path directory;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    static Workspace create() throws IOException {
        return new Workspace(Files.createTempDirectory("g2cache-demo-"));
    }

    Path log(String node) {
        return directory.resolve("node-" + node + ".log");
    }

    /** Where the local tier of a node keeps its entries. */
    Path localTier(String node) {
        return directory.resolve("local-" + node);
    }

    /** Deletes everything in it. Idempotent. */
    void delete() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
