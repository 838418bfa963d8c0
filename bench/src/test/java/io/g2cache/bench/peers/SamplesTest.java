package io.g2cache.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.bench.sheet.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static final long MILLI = 1_000_000;

    @Test
    void aPercentileIsOneOfTheSamples() {
        Samples samples = new Samples();
        for (int i = 100; i >= 1; i--) {
            samples.add(i * MILLI);
        }
        assertThat(samples.percentile(0.5)).isEqualTo(50);
        assertThat(samples.percentile(0.99)).isEqualTo(99);
        assertThat(samples.percentile(1)).isEqualTo(100);
    }

    @Test
    void whatTookLongerThanTheLimitIsAboveAllElse() {
        Samples samples = new Samples();
        samples.add(MILLI);
        samples.addBeyond();
        assertThat(samples.percentile(0.5)).isEqualTo(1);
        assertThat(samples.percentile(1)).isInfinite();
        assertThat(samples.figures(Peer.KAFKA, "seen", List.of(0.5, 1.0), "never within 15 s"))
                .containsExactly(
                        new Reading(Peer.KAFKA.label(), "seen p50", 1.0, "ms", "n=2"),
                        new Reading(Peer.KAFKA.label(), "seen max", null, "ms", "never within 15 s; n=2"));
    }

    @Test
    void nothingHasNoPercentile() {
        assertThatThrownBy(() -> new Samples().percentile(0.5)).isInstanceOf(IllegalStateException.class);
    }
}
