package io.g2cache.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Figures with all that is needed to judge them, and to have them again.
 *
 * @param title what was measured
 * @param method how, with the settings of each peer
 * @param command what measures it
 * @param time when it was measured
 * @param machine where
 * @param versions of what
 * @param figures the figures
 */
record PeerReport(
        String title,
        String method,
        String command,
        String time,
        String machine,
        Map<String, String> versions,
        List<PeerFigure> figures) {
    PeerReport {
        versions = Map.copyOf(versions);
        figures = List.copyOf(figures);
    }

    /** Writes it as JSON. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, json() + "\n");
    }

    String json() throws IOException {
        return new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsString(this);
    }

    /** A line for each figure, below the title. */
    String table() {
        StringBuilder table = new StringBuilder(title).append('\n');
        table.append(String.format(
                Locale.ROOT, "%-17s | %-20s | %12s | %-4s | %s%n", "peer", "figure", "value", "unit", "note"));
        for (PeerFigure figure : figures) {
            Double value = figure.value();
            table.append(String.format(
                            Locale.ROOT,
                            "%-17s | %-20s | %12s | %-4s | %s",
                            figure.peer(),
                            figure.name(),
                            value == null ? "-" : String.format(Locale.ROOT, "%.3f", value),
                            figure.unit(),
                            figure.note())
                    .stripTrailing());
            table.append('\n');
        }
        return table.toString();
    }
}
