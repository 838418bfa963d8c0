package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2NodeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes log when they start. They run in a JVM of their own, as the level of a log is set once. */
class StartUpLineTest {
    private static List<String> lines;

    @BeforeAll
    static void startNodes(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Nodes.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(Rig.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            lines = Files.readAllLines(log);
            assertThat(ended).as("ended within %s: %s", Rig.DEADLINE, lines).isTrue();
            assertThat(process.exitValue()).as("%s", lines).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts one node of each combination of modules. */
    static final class Nodes {
        public static void main(String[] arguments) {
            for (String modules : List.of("none", "out", "log", "both")) {
                try (Rig rig = new Rig()) {
                    G2NodeBuilder builder = rig.builder().namespace(modules).auditKeysPerSecond(7);
                    if (modules.equals("out") || modules.equals("both")) {
                        builder.out(rig.out);
                    }
                    if (modules.equals("log") || modules.equals("both")) {
                        builder.sync(rig.log);
                    }
                    Rig.cache(rig.start(builder)).put("a", "1");
                }
            }
        }
    }

    @Test
    void nodesWithoutALogSayThatTheyDoNotAuditThemselves() {
        assertThat(lines.stream().filter(line -> line.contains("has no log, so it does not audit itself")))
                .hasSize(2)
                .allMatch(line -> line.contains("auditKeysPerSecond=7"));
    }

    /** The one line in which a node names its modules. */
    private static String line(String namespace) {
        List<String> found = lines.stream()
                .filter(line -> line.contains("namespace=" + namespace + " "))
                .toList();
        assertThat(found).as("%s", lines).hasSize(1);
        return found.get(0);
    }

    @Test
    void aNodeWithoutModulesPromisesNothingToOthers() {
        assertThat(line("none"))
                .contains(" out=none log=none ")
                .containsPattern("node=\\S+ .* local=on-heap .*not promised: ")
                .contains("that another node hears of a write or an invalidation")
                .contains("write tokens that prove anything on other nodes")
                .contains("one load for several nodes");
    }

    @Test
    void anOutTierAloneDoesNotCarryInvalidations() {
        assertThat(line("out"))
                .doesNotContain("out=none")
                .contains(" log=none ")
                .contains("not promised: that another node hears of a write or an invalidation")
                .contains("dies between its tiers, or clears while its clock is behind")
                .doesNotContain("one load for several nodes");
    }

    @Test
    void aLogAloneDoesNotShareLoads() {
        assertThat(line("log"))
                .contains(" out=none ")
                .doesNotContain("log=none")
                .contains("not promised: one load for several nodes")
                .doesNotContain("another node hears");
    }

    @Test
    void allModulesLeaveTheLeastOpen() {
        assertThat(line("both")).doesNotContain("=none").endsWith(": all promises hold");
    }
}
