package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.testkit.FakeTime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressBarTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "500|1000|2|[##########----------]  50 %  500/1,000  250/s  2s left",
                "0|1000|2|[------------------------]   0 %  0/1,000  0/s  \"\"",
                "999|1000|1|[###################-]  99 %  999/1,000  999/s  1ms left",
                "7200|1000000|1|[--------------]   0 %  7,200/1,000,000  7,200/s  2m17s left",
                "1000|1000|5|[#################] 100 %  1,000/1,000  200/s  done in 5s",
                "2000|1000|5|[#################] 100 %  1,000/1,000  200/s  done in 5s",
                "0|0|0|[####################] 100 %  0/0  -/s  done in 0ms",
                "-5|10|0|[-----------------------------]   0 %  0/10  -/s  \"\""
            })
    void showsTheFigures(long done, long total, long seconds, String expected) {
        String line = ProgressBar.line(done, total, Duration.ofSeconds(seconds), 57);
        assertThat(bar(line)).isEqualTo(bar(expected.replace("\"\"", "")));
        assertThat(figures(line)).isEqualTo(figures(expected.replace("\"\"", "")));
        assertThat(line).hasSize(57);
    }

    /** Which part of the bar is filled, in tens. */
    private static long bar(String line) {
        long filled = line.chars().filter(c -> c == '#').count();
        return filled * 10 / (line.indexOf(']') - 1);
    }

    private static String figures(String line) {
        return line.substring(line.indexOf(']')).strip();
    }

    @Test
    void keepsTenCellsOnANarrowTerminal() {
        assertThat(ProgressBar.line(5, 10, Duration.ofSeconds(1), 1)).startsWith("[#####-----]  50 %");
    }

    @Test
    void theLineIsDrawnAFewTimesASecond() {
        FakeTime time = new FakeTime(0);
        StringWriter drawn = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(drawn), time, 100);
        for (int i = 0; i < 100; i++) {
            line.show(i);
            time.advance(Duration.ofMillis(10));
        }
        assertThat(drawn.toString().chars().filter(c -> c == '\r')).hasSize(5);
        line.end(100);
        assertThat(drawn.toString()).endsWith(System.lineSeparator()).contains("100 %  100/100  100/s  done in 1s");
    }
}
