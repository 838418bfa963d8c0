package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demo from its first line to its last. */
@Tag("slow")
class DemoIT {
    private static final Pattern LAST = Pattern.compile("stale: (\\d+) of (\\d+)");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void showsThatNothingStaysStaleAndLeavesNothingBehind() throws Exception {
        try (DemoRun demo = DemoRun.start()) {
            int status = demo.awaitExit(LIMIT);
            List<String> lines = demo.lines();
            Matcher last = LAST.matcher(lines.get(lines.size() - 1));

            assertThat(status).as(demo.text()).isZero();
            assertThat(last.matches()).as(demo.text()).isTrue();
            assertThat(last.group(1)).isEqualTo("0");
            assertThat(Integer.parseInt(last.group(2))).isGreaterThanOrEqualTo(3_000);
            assertThat(lines)
                    .as(demo.text())
                    .anySatisfy(line -> assertThat(line)
                            .containsPattern(
                                    "A  READY .* gets/s  local .*%  out .*%  source .*%  p50 .*us  p99 .*us  events"));
            assertThat(demo.text())
                    .containsPattern(
                            "(?s)visible on B after .* ms.* on C after .* ms.*B  killed.*"
                                    + "1,000 cities changed meanwhile.*B  starting again.*B  catching up, events: \\[#+\\] 100 %  .* done in .*B  caught up.*cached values compared");
            demo.assertNoProcessLeft(Duration.ofSeconds(1));
            demo.assertNoFileLeft();
        }
    }
}
