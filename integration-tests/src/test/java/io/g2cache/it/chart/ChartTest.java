package io.g2cache.it.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChartTest {
    @Test
    void aLineGoesThroughItsValuesAndStopsWhereThereAreNone() {
        String svg = new Chart("c", 4, false, List.of())
                .line("l", "#123456", new double[] {0, 4, Double.NaN, 2})
                .svg();
        Matcher path = Pattern.compile("<path d='([^']*)'").matcher(svg);
        assertThat(path.find()).isTrue();
        assertThat(path.group(1)).isEqualTo("M201.3 190.0L423.8 34.0M868.8 112.0");
    }

    @Test
    void axesEndAtRoundNumbers() {
        assertThat(Chart.niceAbove(7.3)).isEqualTo(8);
        assertThat(Chart.niceAbove(3_000)).isEqualTo(4_000);
        assertThat(Chart.niceAbove(1)).isEqualTo(1);
        assertThat(Chart.niceAbove(0.34)).isEqualTo(0.4);
    }
}
