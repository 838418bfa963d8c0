package io.g2cache.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.g2cache.bench.sheet.Environment;
import java.io.ByteArrayOutputStream;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * The folder of raw data: a folder for each group, in it a file for each fork with its environment and JMH's own JSON. For one
 * thread.
 *
 * @param folder where it is
 */
record Raw(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENVIRONMENT = "environment";
    private static final String JMH = "jmh";

    /** Forgets what earlier runs wrote of a row. */
    void forget(Row row) throws IOException {
        for (Path file : files(row)) {
            Files.delete(file);
        }
    }

    /** Keeps the result of a turn, with what it ran on. */
    void write(Turn turn, Collection<RunResult> results, Map<String, String> environment) throws IOException {
        ByteArrayOutputStream jmh = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(jmh, false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, to).writeOut(results);
        }
        write(turn, JSON.readTree(jmh.toByteArray()), environment);
    }

    void write(Turn turn, JsonNode jmh, Map<String, String> environment) throws IOException {
        ObjectNode file = JSON.createObjectNode();
        environment.forEach(file.putObject(ENVIRONMENT)::put);
        file.set(JMH, jmh);
        Path group = folder(turn.row());
        Files.createDirectories(group);
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(group.resolve(turn.file()).toFile(), file);
    }

    /** What the forks of some rows ran on: for each name the values that there were. */
    Map<String, SortedSet<String>> environment(List<Row> rows) throws IOException {
        Map<String, SortedSet<String>> found = new TreeMap<>();
        for (Row row : rows) {
            for (JsonNode fork : forks(row)) {
                fork.path(ENVIRONMENT)
                        .properties()
                        .forEach(entry -> found.computeIfAbsent(entry.getKey(), name -> new TreeSet<>())
                                .add(entry.getValue().asText()));
            }
        }
        return found;
    }

    /** Whether a row has all the forks, with all the time, that make a figure. */
    boolean isFull(Row row) throws IOException {
        List<JsonNode> forks = forks(row);
        return forks.size() == Effort.FULL.forks()
                && forks.stream()
                        .allMatch(fork -> fork.path(ENVIRONMENT)
                                .path(Environment.EFFORT)
                                .asText()
                                .equals(Effort.FULL.name()));
    }

    /** What the forks of a row came to; empty if it was not run. */
    Optional<Score> score(Row row) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        forks(row).forEach(fork -> fork.path(JMH).forEach(results::add));
        return results.isEmpty() ? Optional.empty() : Optional.of(Merge.of(results));
    }

    private List<JsonNode> forks(Row row) throws IOException {
        List<JsonNode> forks = new ArrayList<>();
        for (Path file : files(row)) {
            forks.add(JSON.readTree(file.toFile()));
        }
        return forks;
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
