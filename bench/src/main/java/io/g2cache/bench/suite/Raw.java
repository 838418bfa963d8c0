package io.g2cache.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The folder of raw data: a folder for each group, in it JMH's JSON of each fork, and the environment of the last run. For one
 * thread.
 *
 * @param folder where it is
 */
record Raw(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENVIRONMENT = "environment.json";

    /** Forgets what earlier runs wrote of a row. */
    void forget(Row row) throws IOException {
        for (Path file : files(row)) {
            Files.delete(file);
        }
    }

    /** Keeps the result of a turn. */
    void write(Turn turn, Collection<RunResult> results) throws IOException {
        Path group = folder(turn.row());
        Files.createDirectories(group);
        try (PrintStream to =
                new PrintStream(Files.newOutputStream(group.resolve(turn.file())), false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, to).writeOut(results);
        }
    }

    /** Keeps what the machine was; each group has its own. */
    void write(Group group, Map<String, String> environment) throws IOException {
        Path to = folder.resolve(group.label());
        Files.createDirectories(to);
        JSON.writerWithDefaultPrettyPrinter().writeValue(to.resolve(ENVIRONMENT).toFile(), environment);
    }

    /** What the machine was when a group was run; empty if it was not. */
    Map<String, String> environment(Group group) throws IOException {
        Path file = folder.resolve(group.label()).resolve(ENVIRONMENT);
        Map<String, String> found = new TreeMap<>();
        if (Files.exists(file)) {
            JSON.readTree(file.toFile())
                    .properties()
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        }
        return found;
    }

    /** What the forks of a row came to; empty if it was not run. */
    Optional<Score> score(Row row) throws IOException {
        List<JsonNode> forks = new ArrayList<>();
        for (Path file : files(row)) {
            JSON.readTree(file.toFile()).forEach(forks::add);
        }
        return forks.isEmpty() ? Optional.empty() : Optional.of(Merge.of(forks));
    }

    private Path folder(Row row) {
        return folder.resolve(row.group().label());
    }

    private List<Path> files(Row row) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int number = 1; number <= Effort.FULL.forks(); number++) {
            Path file = folder(row).resolve(new Turn(row, number).file());
            if (Files.exists(file)) {
                files.add(file);
            }
        }
        return files;
    }
}
