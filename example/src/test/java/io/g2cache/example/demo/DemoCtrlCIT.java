package io.g2cache.example.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo, ended from outside at different moments. */
@Tag("slow")
class DemoCtrlCIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofSeconds(30);

    /** INT goes to the whole group, as Ctrl-C does; TERM to the demo only. */
    @ParameterizedTest
    @CsvSource({
        "starting a Kafka broker, INT, true, 130",
        "starting nodes, TERM, false, 143",
        "B  starting again, INT, true, 130"
    })
    void endsEverything(String moment, String signal, boolean group, int status) throws Exception {
        try (DemoRun demo = DemoRun.start()) {
            demo.awaitLine(moment, LIMIT);
            demo.awaitProcess(LIMIT);
            demo.signal(signal, group);

            assertThat(demo.awaitExit(END)).as(demo.text()).isEqualTo(status);
            demo.assertNoProcessLeft(Duration.ofSeconds(1));
            demo.assertNoFileLeft();
            assertThat(demo.text()).doesNotContain("failed").doesNotContain("\tat ");
        }
    }

    /** Nobody can tidy files up then, but no process stays behind. */
    @Test
    void leavesNoProcessWhereItIsKilled() throws Exception {
        try (DemoRun demo = DemoRun.start("--serve")) {
            demo.awaitLine("serving", LIMIT);
            demo.signal("KILL", false);

            demo.assertNoProcessLeft(END);
        }
    }

    @Test
    void refusesUnknownOptions() throws Exception {
        try (DemoRun demo = DemoRun.start("--server")) {
            assertThat(demo.awaitExit(LIMIT)).isEqualTo(2);
            assertThat(demo.text()).contains("unknown option: --server").contains("usage:");
        }
    }
}
