package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static final Trend<Long> THREADS = new Trend<>("threads", Long::longValue, 0, 2);
    private static final Trend<Long> HEAP = new Trend<>("heap", Long::longValue, 0.1, 0);

    private static List<Long> samples(LongUnaryOperator curve) {
        return LongStream.range(0, 60).map(curve).boxed().toList();
    }

    @Test
    void whatStaysAndWhatShakesIsFlat() {
        assertThat(THREADS.growth(samples(i -> 40))).isNull();
        assertThat(THREADS.growth(samples(i -> 40 + i % 3))).isNull();
        assertThat(HEAP.growth(samples(i -> 1_000 + 300 * (i % 2)))).isNull();
    }

    @Test
    void whatGrowsWhileItWarmsUpIsFlat() {
        assertThat(HEAP.growth(samples(i -> Math.min(i, 14) * 100))).isNull();
    }

    @Test
    void aSlowLeakIsFound() {
        assertThat(THREADS.growth(samples(i -> 40 + i / 10))).isEqualTo("threads grew from 42 to 45, most=44");
        assertThat(HEAP.growth(samples(i -> 1_000 + 4 * i))).startsWith("heap grew from 1088 to ");
    }

    @Test
    void oneHighSampleAtTheEndIsNoLeak() {
        assertThat(THREADS.growth(samples(i -> i == 59 ? 400 : 40))).isNull();
    }

    @Test
    void tooFewSamplesAreRefused() {
        assertThatThrownBy(() -> HEAP.growth(List.of(1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("samples=1");
    }

    @Test
    void gaugesAreReadAsTheyWereWritten() {
        Gauges gauges = new Gauges(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(Gauges.parse(gauges.text())).isEqualTo(gauges);
        assertThat(Gauges.HEADER.split(",")).hasSameSizeAs(gauges.text().split(","));
    }
}
