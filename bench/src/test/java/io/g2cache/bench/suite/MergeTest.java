package io.g2cache.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static JsonNode fork(String primary, String allocated) throws IOException {
        return new ObjectMapper()
                .readTree("{\"primaryMetric\": {" + primary + "}, \"secondaryMetrics\": {\"gc.alloc.rate.norm\":"
                        + " {\"rawData\": [[" + allocated + "]]}}}");
    }

    @Test
    void joinsTheIterationsOfAllForks() throws IOException {
        Score score = Merge.of(List.of(
                fork("\"scoreUnit\": \"ns/op\", \"rawData\": [[10, 12]]", "8, 16"),
                fork("\"scoreUnit\": \"ns/op\", \"rawData\": [[14, 16]]", "24, 32")));
        assertThat(score.value()).isEqualTo(13);
        // Student's t for three degrees of freedom at 99.9 % is 12.924; the variance is 20 / 3.
        assertThat(score.error()).isCloseTo(12.924 * Math.sqrt(20.0 / 3 / 4), within(0.001));
        assertThat(score.samples()).isEqualTo(4);
        assertThat(score.unit()).isEqualTo("ns/op");
        assertThat(score.percentiles()).isEmpty();
        assertThat(score.secondary()).containsEntry(Score.ALLOCATED, 20.0);
    }

    @Test
    void joinsSingleCalls() throws IOException {
        Score score = Merge.of(List.of(
                fork("\"scoreUnit\": \"us/op\", \"rawDataHistogram\": [[[[1, 60], [2, 30]], [[3, 5]]]]", "0"),
                fork("\"scoreUnit\": \"us/op\", \"rawDataHistogram\": [[[[3, 4], [100, 1]]]]", "0")));
        assertThat(score.samples()).isEqualTo(100);
        assertThat(score.value()).isCloseTo((60 + 60 + 27 + 100) / 100.0, within(1e-9));
        // the 90th percentile lies nine tenths of the way from the 90th to the 91st of 100 calls, from 2 to 3
        assertThat(score.percentiles().get("p90")).isCloseTo(2.9, within(1e-9));
        assertThat(score.percentiles())
                .containsEntry("p50", 1.0)
                .containsEntry("max", 100.0)
                .containsKeys("p99", "p99.9");
    }

    @Test
    void refusesWhatCannotBeJoined() throws IOException {
        assertThatThrownBy(() -> Merge.of(List.of())).hasMessage("no fork to merge");
        List<JsonNode> forks = List.of(
                fork("\"scoreUnit\": \"ns/op\", \"rawData\": [[1]]", "0"),
                fork("\"scoreUnit\": \"us/op\", \"rawData\": [[1]]", "0"));
        assertThatThrownBy(() -> Merge.of(forks)).hasMessage("units differ: ns/op and us/op");
    }
}
