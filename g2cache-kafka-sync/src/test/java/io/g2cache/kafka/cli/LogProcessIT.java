package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.CacheSpec;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/g2cache log tail} as a user runs it. */
@Tag("slow")
@Timeout(180)
class LogProcessIT {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private static final String NAMESPACE = "process";
    private static final int KEYS = 10;

    @TempDir
    private Path directory;

    @BeforeAll
    static void writeALog() {
        try (G2Node node = G2Node.builder()
                .namespace(NAMESPACE)
                .sync(KafkaSync.builder()
                        .bootstrapServers(BROKER.bootstrapServers())
                        .partitions(2)
                        .build())
                .build()) {
            var cache = node.cache(
                    CacheSpec.builder("c", Codecs.string(), Codecs.string()).build());
            for (int i = 0; i < KEYS; i++) {
                cache.invalidate("key-" + i);
            }
        }
    }

    private Process start(String... options) throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<String> command = new ArrayList<>();
        // SIGINT is ignored in what a shell starts in the background, as a build may be: set it back.
        command.addAll(List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV or die $!"));
        command.addAll(List.of(root.resolve("bin").resolve("g2cache").toString(), "log", "tail", "--json"));
        command.addAll(List.of("-b", BROKER.bootstrapServers(), "-n", NAMESPACE, "--from-beginning"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_OPTS");
        return builder.start();
    }

    private File errors() {
        return directory.resolve("errors").toFile();
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private void assertEnd(Process process, int status) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(errors().toPath());
        assertThat(process.exitValue()).as(text).isEqualTo(status);
        assertThat(text.lines().filter(line -> !line.startsWith("g2cache: buil")))
                .isEmpty();
    }

    @Test
    void printsOneObjectALine() throws Exception {
        Process process = start("--no-follow", "--kind", "invalidate");
        try (BufferedReader lines = lines(process)) {
            List<JsonNode> events = lines.lines().map(Cli::parsed).toList();
            assertThat(events)
                    .hasSize(KEYS)
                    .allSatisfy(event -> assertThat(event.get("key").asText()).startsWith("key-"));
            assertEnd(process, 0);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsWithCtrlC() throws Exception {
        Process process = start();
        try (BufferedReader lines = lines(process)) {
            assertThat(Cli.parsed(lines.readLine()).get("partition").isInt()).isTrue();
            Process signal = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
            assertThat(signal.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(lines.lines().map(Cli::parsed))
                    .allSatisfy(event -> assertThat(event.has("kind")).isTrue());
            assertEnd(process, 130);
        } finally {
            process.destroyForcibly();
        }
    }
}
