package io.g2cache.it.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What all clients and nodes have recorded: operations in the order of their starts, samples in the order of their times.
 * Immutable.
 *
 * @param operations all calls
 * @param samples how the nodes were
 */
record History(List<Operation> operations, List<Sample> samples) {
    static final String SUFFIX = ".history";

    History {
        operations = operations.stream()
                .sorted(Comparator.comparingLong(Operation::start))
                .toList();
        samples =
                samples.stream().sorted(Comparator.comparingLong(Sample::time)).toList();
    }

    /** Reads all histories of a directory; the last line of one whose process was killed may be torn, and is left out then. */
    static History read(Path directory) throws IOException {
        List<Operation> operations = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
        for (Path file : files) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            whole.lines().map(line -> List.of(line.split("\t", -1))).forEach(fields -> {
                switch (fields.get(0)) {
                    case Operation.TAG -> operations.add(Operation.parse(fields));
                    case Sample.TAG -> samples.add(Sample.parse(fields));
                    default -> throw new IllegalStateException("file=" + file + " has a line of tag=" + fields.get(0));
                }
            });
        }
        return new History(operations, samples);
    }

    /** The last sample of each life of each node; what a node counts only grows. */
    List<Sample> lastSamples() {
        Map<String, Sample> last = new LinkedHashMap<>();
        samples.forEach(sample -> last.put(sample.node() + "/" + sample.life(), sample));
        return List.copyOf(last.values());
    }
}
