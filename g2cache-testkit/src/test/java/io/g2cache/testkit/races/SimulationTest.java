package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of histories of several nodes, each made by its seed: {@code mvn … -Dg2cache.seed=N} repeats one, and
 * {@code -Dg2cache.seeds=M} runs another number of them.
 */
final class SimulationTest {
    private static final long FIRST = 1;

    @Test
    void everyPromiseIsKeptInTwentyThousandHistories() throws InterruptedException {
        SimulationRun.seeds(FIRST, 20_000);
    }

    @Test
    @Tag("nightly")
    void everyPromiseIsKeptInAMillionHistories() throws InterruptedException {
        SimulationRun.seeds(FIRST + 1_000_000, 1_000_000);
    }

    @Test
    void aSeedMakesTheSameHistoryEveryTime() {
        for (long seed = FIRST; seed < FIRST + 200; seed++) {
            assertThat(SimulationRun.narrative(seed)).isEqualTo(SimulationRun.narrative(seed));
        }
    }

    /** With less memory, another collector, and another hash of every object that has none of its own. */
    @Test
    void aSeedMakesTheSameHistoryInAnotherJvm(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("history.txt");
        Process other = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx200m",
                        "-XX:+UseSerialGC",
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:hashCode=2",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HistoryPrinter.class.getName(),
                        "1",
                        "60"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(other.waitFor(120, TimeUnit.SECONDS)).isTrue();

        StringBuilder here = new StringBuilder();
        for (long seed = 1; seed < 60; seed++) {
            here.append(SimulationRun.narrative(seed));
        }
        assertThat(Files.readString(output, StandardCharsets.UTF_8)).isEqualTo(here.toString());
    }

    /** Prints histories, in a JVM of its own. */
    static final class HistoryPrinter {
        private HistoryPrinter() {}

        /** Prints those of the seeds from the first argument up to, but not including, the second. */
        public static void main(String[] seeds) {
            StringBuilder text = new StringBuilder();
            for (long seed = Long.parseLong(seeds[0]); seed < Long.parseLong(seeds[1]); seed++) {
                text.append(SimulationRun.narrative(seed));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            System.out.write(bytes, 0, bytes.length);
            System.out.flush();
        }
    }
}
