package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.g2cache.bench.sheet.Reading;
import io.g2cache.bench.sheet.Sheet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String DOCUMENT = "before\n<!-- begin local -->\nold\n<!-- end local -->\nafter\n";

    @TempDir
    Path folder;

    private Report report(Effort effort, int forks) throws IOException {
        Report report = new Report(folder);
        for (Row row : LocalRows.all()) {
            for (int fork = 1; fork <= forks && row.thing().equals("hit, 1 KB"); fork++) {
                JsonNode jmh =
                        new ObjectMapper().readTree("""
                        [{"primaryMetric": {"scoreUnit": "ns/op", "rawData": [[%s, 102]]}}]
                        """.formatted(row.side().isOurs() ? "98" : "48"));
                report.raw().write(new Turn(row, fork), jmh, Map.of("effort", effort.name(), "cpu", "fast & small"));
            }
        }
        return report;
    }

    @Test
    void drawsWhatWasMeasured() throws IOException {
        assertThat(report(Effort.QUICK, 1).render()).contains("1.33 x Chronicle Map (the peer wins)");
        assertThat(Files.readString(folder.resolve("index.html")))
                .contains("<h2>hit, 1 KB, ns/op (less is better)</h2>")
                .contains("bin/g2cache bench local --only 'hit, 1 KB:'")
                .contains("100; 1.33 x Chronicle Map (the peer wins)")
                .contains("fast &amp; small")
                .doesNotContain("hit, 10 KB", "<script");
    }

    @Test
    void fillsTheDocumentBetweenItsMarkers() throws IOException {
        Path document = folder.resolve("performance.md");
        Files.writeString(document, DOCUMENT);
        report(Effort.FULL, 3).fill(folder);
        assertThat(Files.readString(document))
                .startsWith("before\n<!-- begin local -->\n| what |")
                .contains("| hit, 1 KB: Chronicle Map |", "- cpu: fast & small")
                .doesNotContain("old")
                .endsWith("<!-- end local -->\nafter\n");
        assertThat(folder.resolve("img/bench-local-hit-1-kb.png")).isNotEmptyFile();
    }

    @Test
    void keepsHastyScoresOutOfTheDocument() throws IOException {
        Path document = folder.resolve("performance.md");
        Files.writeString(document, DOCUMENT);
        Report hasty = report(Effort.QUICK, 3);
        assertThatThrownBy(() -> hasty.fill(folder))
                .hasMessageContaining("was not measured with all forks of effort=FULL");
        Report partial = report(Effort.FULL, 2);
        assertThatThrownBy(() -> partial.fill(folder)).hasMessageContaining("hit, 1 KB");
        assertThat(Files.readString(document)).isEqualTo(DOCUMENT);
    }

    @Test
    void showsSheetsOnPageAndDocument() throws IOException {
        new Sheet("Memory <here>", "how", "bench memory", Map.of(), List.of(new Reading("ours", "heap", 1.5, "MB", "")))
                .write(folder.resolve("memory.json"));
        Report report = report(Effort.FULL, 3);
        assertThat(report.render()).contains("hit, 1 KB");
        assertThat(Files.readString(folder.resolve("index.html"))).contains("Memory &lt;here&gt;", "<td>1.50</td>");
        Path document = folder.resolve("performance.md");
        Files.writeString(document, DOCUMENT + "<!-- begin memory -->\n<!-- end memory -->\n");
        report.fill(folder);
        assertThat(Files.readString(document)).contains("| ours | 1.50 |");
    }

    @Test
    void missesNoMarkerSilently() {
        assertThatThrownBy(() -> Docs.filled("text", "local", "new")).hasMessageContaining("<!-- begin local -->");
    }
}
