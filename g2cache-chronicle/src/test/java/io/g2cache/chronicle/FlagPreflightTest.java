package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class FlagPreflightTest {
    private static final List<String> FLAGS = List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");

    @TempDir
    private Path directory;

    @Test
    void aJvmWithoutFlagsIsToldAllOfThemBeforeChronicleLoads() throws Exception {
        String output = run(List.of());
        assertThat(output).containsPattern("REFUSED .* add: " + String.join(" ", FLAGS));
        assertThat(output).contains("io.g2cache.chronicle.FlagPreflight").doesNotContain("net.openhft");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aSingleMissingFlagIsNamedAlone(int missing) throws Exception {
        List<String> flags = new ArrayList<>(FLAGS);
        String flag = flags.remove(missing);
        String output = run(flags);
        assertThat(output).contains("missing; add: " + flag + System.lineSeparator());
        flags.forEach(present -> assertThat(output).doesNotContain(present));
        assertThat(output).doesNotContain("net.openhft");
    }

    @Test
    void theNamedFlagsAreEnough() throws Exception {
        String output = run(FLAGS);
        assertThat(output).contains("READ value4999 analytics off: true").contains("net.openhft");
        assertThat(output.lines().filter(line -> !line.contains("[class,load]")))
                .noneMatch(line -> line.contains("REFUSED") || line.contains("Exception"));
    }

    @Test
    void aTierInFilesNeedsOneMoreFlag() throws Exception {
        String kept = directory.resolve("kept").toString();
        String flag = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";
        assertThat(run(FLAGS, kept))
                .contains("REFUSED")
                .contains("missing; add: " + flag + System.lineSeparator())
                .doesNotContain("net.openhft");
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add(flag);
        assertThat(run(flags, kept)).contains("READ value4999");
        assertThat(directory.resolve("kept").resolve("probe").resolve("header")).isRegularFile();
    }

    @Test
    void whatPhonesHomeIsNotOnTheClassPath() {
        assertThat(System.getProperty("java.class.path"))
                .contains("chronicle-map")
                .doesNotContain("chronicle-analytics");
    }

    @Test
    void aJvmWithoutACompilerIsToldSo() throws Exception {
        assertThat(run(List.of("--limit-modules=java.base,java.logging,jdk.unsupported")))
                .contains("REFUSED")
                .contains("module jdk.compiler");
    }

    @Test
    void nothingIsCompiledAtTheStart() throws Exception {
        assertThat(run(FLAGS))
                .contains("VanillaGlobalMutableState$$Native source: ")
                .doesNotContain("com.sun.tools.javac.parser", "com.sun.tools.javac.comp.");
    }

    /** What a JVM with these flags prints, with a line for each class that it loads. */
    private String run(List<String> flags, String... arguments) throws Exception {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:class+load"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PreflightProbe.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(directory.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue())
                .as(text.substring(Math.max(0, text.length() - 2_000)))
                .isZero();
        return text;
    }
}
