package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String DOCUMENT = "before\n<!-- begin local -->\nold\n<!-- end local -->\nafter\n";

    @TempDir
    Path folder;

    @BeforeEach
    void measure() throws IOException {
        for (Row row : LocalRows.all()) {
            if (row.thing().equals("hit, 1 KB")) {
                Path group = Files.createDirectories(folder.resolve("raw/local"));
                Files.writeString(group.resolve(new Turn(row, 1).file()), """
                        [{"primaryMetric": {"scoreUnit": "ns/op", "rawData": [[%s, 102]]}}]
                        """.formatted(
                                row.side().isOurs() ? "98" : "48"));
            }
        }
    }

    private Report report(Effort effort) throws IOException {
        Raw raw = new Raw(folder.resolve("raw"));
        raw.write(Group.LOCAL, Map.of("effort", effort.name(), "cpu", "fast & small"));
        return new Report(raw, folder.resolve("index.html"));
    }

    @Test
    void drawsWhatWasMeasured() throws IOException {
        assertThat(report(Effort.QUICK).render()).contains("1.33 x Chronicle Map (the peer wins)");
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
        report(Effort.FULL).fill(folder);
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
        Report hasty = report(Effort.QUICK);
        assertThatThrownBy(() -> hasty.fill(folder))
                .hasMessage("group 'local' was measured with effort=QUICK; only FULL is fit for documents");
        assertThat(Files.readString(document)).isEqualTo(DOCUMENT);
    }

    @Test
    void missesNoMarkerSilently() {
        assertThatThrownBy(() -> Docs.filled("text", "local", "new")).hasMessageContaining("<!-- begin local -->");
    }
}
