package io.g2cache.bench.sheet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Readings with all that is needed to judge them, and to have them again. Immutable.
 *
 * @param title what was measured
 * @param method how, with the settings of each subject
 * @param command what measures it
 * @param environment on what, by name
 * @param readings the numbers; those of one subject and name are there once
 */
public record Sheet(
        String title, String method, String command, Map<String, String> environment, List<Reading> readings) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    /** Copies what it is given. */
    public Sheet {
        environment = Map.copyOf(environment);
        readings = List.copyOf(readings);
    }

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }

    /** Reads what {@link #write} has written; empty if there is no such file. */
    public static Optional<Sheet> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), Sheet.class)) : Optional.empty();
    }

    /** A row for each subject, a column for each name, and headings above; cells are empty where there is no reading. */
    public List<List<String>> table() {
        Map<String, Map<String, String>> bySubject = new LinkedHashMap<>();
        List<String> columns = new ArrayList<>();
        for (Reading reading : readings) {
            if (!columns.contains(reading.column())) {
                columns.add(reading.column());
            }
            bySubject
                    .computeIfAbsent(reading.subject(), subject -> new LinkedHashMap<>())
                    .put(reading.column(), reading.cell());
        }
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of(""));
        heading.addAll(columns);
        rows.add(heading);
        bySubject.forEach((subject, cells) -> {
            List<String> row = new ArrayList<>(List.of(subject));
            columns.forEach(column -> row.add(cells.getOrDefault(column, "")));
            rows.add(row);
        });
        return rows;
    }

    /** The table for a terminal. */
    public String text() {
        List<List<String>> table = table();
        StringBuilder text = new StringBuilder(title).append('\n');
        for (List<String> row : table) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = table.stream()
                        .mapToInt(cells -> cells.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** The table for a document, with what is to be known of it. */
    public String markdown() {
        StringBuilder text = new StringBuilder(method).append("\n\n");
        List<List<String>> table = table();
        for (int i = 0; i < table.size(); i++) {
            text.append("| ").append(String.join(" | ", table.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---|")
                        .append("--:|".repeat(table.get(0).size() - 1))
                        .append('\n');
            }
        }
        text.append("\n`").append(command).append("`\n");
        new TreeMap<>(environment)
                .forEach((name, value) ->
                        text.append("\n- ").append(name).append(": ").append(value));
        return text.append('\n').toString();
    }
}
