package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What is wrong with the arguments is told without asking a broker: there is none here. */
class ArgumentsTest {
    private static final String NOBODY = "127.0.0.1:1";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "tail --kind PUT,FOO|'FOO' must be one of CLEAR, INVALIDATE",
                "tail --offset 3|'3' must be PARTITION:OFFSET",
                "tail --offset 1:2:3|'1:2:3' must be PARTITION:OFFSET",
                "tail --offset a:1|'a:1' must be PARTITION:OFFSET",
                "tail --offset 0:-1|'0:-1' must be PARTITION:OFFSET",
                "tail --since yesterday|'yesterday' must be a time",
                "tail --since +999999999-12-31T23:59:59-18:00|must be a time",
                "tail --since 5m --from-beginning|mutually exclusive",
                "tail --key abc --key-codec long|--key='abc' is no long",
                "tail --key abc --key-codec base|--key-codec",
                "tail --max 0|--max=0 must be at least 1",
                "tail --max x|'x' is not a long",
                "tail --partition x|'x' is not an int",
                "tail --timeout 1|'1' must be a duration",
                "tail --timeout 1ms|requestTimeout=PT0.001S must be",
                "tail --property acks=1|property 'acks' cannot be set",
                "tail --command-config /no/such/file|--command-config=/no/such/file cannot be read",
                "tail --topic a/b|topic='a/b' must be",
                "tail --namespace a/b|namespace",
                "tail --nonsense|Unknown option: '--nonsense'",
                "tail positional|positional",
                "create --partitions 0|partitions=0 must be 1 to 10000",
                "create --maximum-lifetime 0s|0",
                "create --fence-window 2h|fenceWindow=PT2H must be",
                "create --max-event-bytes 1|maximumEventBytes=1 must be",
                "replay --values|--values needs --to-file",
                "stats --key-limit 0|--key-limit=0 must be 1 to",
                "stats --minutes 1441|--minutes=1441 must be 1 to 1440"
            })
    void wrongArgumentsAreOneLineThatNamesThem(String line, String expected) {
        String[] words = (line + " -b " + NOBODY + (line.contains("--namespace") ? "" : " -n x")).split(" ");
        Cli.run(words).failed(2, expected, "--help");
    }

    @Test
    void whatIsMissingIsNamed() {
        Cli.run().failed(2, "create, describe, tail, replay, stats");
        Cli.run("audits").failed(2, "audits");
        Cli.run("tail", "-n", "x").failed(2, "--bootstrap-server");
        Cli.run("tail", "-b", NOBODY).failed(2, "--namespace or --topic");
    }

    @Test
    void everyCommandExplainsItself() {
        assertThat(Cli.run("--help").ok().out()).contains("create", "describe", "tail", "replay", "stats");
        for (String command : Set.of("create", "describe", "tail", "replay", "stats")) {
            assertThat(Cli.run(command, "--help").ok().out()).contains("Usage: g2cache log " + command, "--json");
        }
    }

    @Test
    void propertiesComeFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("client.properties"), "security.protocol=NONSENSE\n");
        Cli.run("tail", "-b", NOBODY, "-n", "x", "--command-config", file.toString())
                .failed(1, "security.protocol", "NONSENSE");
        Cli.run("tail", "-b", NOBODY, "-n", "x", "--property", "security.protocol=ODD")
                .failed(1, "security.protocol", "ODD");
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "10s,PT10S", "5m,PT5M", "2h,PT2H", "7d,PT168H", "PT1H30M,PT1H30M"})
    void durationsAreRead(String text, Duration expected) {
        assertThat(Times.duration(text)).isEqualTo(expected);
        assertThat(Times.timePoint(text).wallMillis(1_000_000_000_000L))
                .isEqualTo(1_000_000_000_000L - expected.toMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5x", "-5m", "PT-5M", "999999999d", "P", "m"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Times.duration(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void timesNeedAZone() {
        assertThat(Times.timePoint("2026-11-22T17:00:00Z").at()).isEqualTo(Instant.parse("2026-11-22T17:00:00Z"));
        assertThat(Times.timePoint("2026-11-22T18:00:00+01:00").at()).isEqualTo(Instant.parse("2026-11-22T17:00:00Z"));
        assertThatThrownBy(() -> Times.timePoint("2026-11-22T17:00:00")).isInstanceOf(TypeConversionException.class);
    }
}
