package io.g2cache.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerReportTest {
    private final PeerReport report = new PeerReport(
            "title",
            "method",
            "command",
            "2020-01-01T00:00:00Z",
            "machine",
            Map.of("java", "17"),
            List.of(
                    new PeerFigure(Peer.KAFKA, "all new max", 12.5, "ms", "n=1"),
                    new PeerFigure(Peer.JETCACHE, "all new max", null, "ms", "never within 15 s; n=1")));

    @Test
    void jsonKeepsEverything(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("deeper").resolve("report.json");
        report.write(file);
        JsonNode read = new ObjectMapper().readTree(Files.readString(file));
        assertThat(read.path("title").asText()).isEqualTo("title");
        assertThat(read.path("versions").path("java").asText()).isEqualTo("17");
        assertThat(read.path("figures")).hasSize(2);
        assertThat(read.path("figures").path(0).path("peer").asText()).isEqualTo("KAFKA");
        assertThat(read.path("figures").path(0).path("value").asDouble()).isEqualTo(12.5);
        assertThat(read.path("figures").path(1).path("value").isNull()).isTrue();
    }

    @Test
    void theTableSaysWhatIsNotKnown() {
        assertThat(report.table().lines())
                .containsExactly(
                        "title",
                        "peer              | figure               |        value | unit | note",
                        "KAFKA             | all new max          |       12.500 | ms   | n=1",
                        "JETCACHE          | all new max          |            - | ms   | never within 15 s; n=1");
    }
}
