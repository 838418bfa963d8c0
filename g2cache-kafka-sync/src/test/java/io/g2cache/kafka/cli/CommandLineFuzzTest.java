package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyRing;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/** What the commands read: their arguments, foreign values of the log, and the answers of audit servers. */
class CommandLineFuzzTest extends DecoderFuzz {
    private static final long NOW = 1_700_000_000_000L;
    private static final ValueFormat<String> TEXT = new ValueFormat<>(Codecs.string());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<byte[]> all(String... texts) {
        return Stream.of(texts).map(CommandLineFuzzTest::bytes).toList();
    }

    @Override
    protected List<Fuzz> decoders() {
        return List.of(
                Fuzz.of(
                                "duration",
                                all("500ms", "7d", "PT1H30M", "P36500D", "PT0.001S"),
                                text -> Times.duration(text(text)).compareTo(Duration.ofDays(36_500)) <= 0)
                        .mayThrow(TypeConversionException.class),
                Fuzz.of("time", all("2026-11-22T17:00:00Z", "10m", "+999999999-12-31T23:59:59+18:00"), text -> {
                            long millis = Times.timePoint(text(text)).wallMillis(NOW);
                            assertThat(Text.time(millis)).isNotEmpty();
                            return true;
                        })
                        .mayThrow(TypeConversionException.class),
                Fuzz.of("partition and offset", all("3:1200", "0:0", "2147483647:9223372036854775807"), text -> {
                            RangeOptions.Offset offset = new RangeOptions.OffsetConverter().convert(text(text));
                            return offset.partition() >= 0 && offset.offset() >= 0;
                        })
                        .mayThrow(TypeConversionException.class),
                Fuzz.of("address", all("127.0.0.1:7070", "[::1]:1", "localhost:65535"), text -> {
                            AuditSocket unused =
                                    new AuditSocket(numeric(text(text)), Duration.ofSeconds(1), new Stop());
                            return true;
                        })
                        .mayThrow(IllegalArgumentException.class),
                keys(),
                stored(),
                Fuzz.of("printed text", all("Zürich 🐈", "a\tb\u001b[2J", "\u202e"), text -> {
                            String shown = Text.printable(Text.shortened(text(text), 20));
                            assertThat(shown.codePoints().noneMatch(Character::isISOControl))
                                    .isTrue();
                            return true;
                        })
                        .takingAll()
                        .allocatingAtMost(256 << 10, 256),
                about(),
                look());
    }

    /** Names are never looked up here. */
    private static String numeric(String address) {
        int colon = address.lastIndexOf(':');
        return colon > 0 ? "127.0.0.1" + address.substring(colon) : address;
    }

    private static Fuzz keys() {
        return Fuzz.of(
                        "key of the command line",
                        all("ulm", "17", "-0.5", "0xff00", "00000000-0000-0001-0000-000000000002"),
                        text -> {
                            boolean any = false;
                            for (KeyFormat format : KeyFormat.values()) {
                                assertThat(format.show(text)).isNotNull();
                                any |= format != KeyFormat.TEXT && encodes(format, text(text));
                            }
                            return any;
                        })
                .allocatingAtMost(256 << 10, 512);
    }

    private static boolean encodes(KeyFormat format, String text) {
        byte[] key;
        try {
            key = format.encode(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
        assertThat(format.encode(format.show(key))).isEqualTo(key);
        return true;
    }

    private static Fuzz stored() {
        Encryption seals = Encryption.aesGcm(new KeyRing(EncryptionKeys.of("first", new byte[16])));
        List<byte[]> good = List.of(
                TEXT.encode("Ulm"),
                TEXT.encode("tagged", new long[] {1, 2}),
                new ValueFormat<>(Codecs.int64()).encode(17L),
                new ValueFormat<>(Codecs.float64()).encode(0.5),
                new ValueFormat<>(Codecs.uuid()).encode(new java.util.UUID(1, 2)),
                seals.seal(TEXT.encode("hidden"), new byte[1]));
        return Fuzz.of("stored value of the log", good, stored -> {
            StoredValue value = StoredValue.of(stored);
            assertThat(value.codec()).doesNotMatch(".*[^!-~].*");
            assertThat(value.payloadBytes()).isBetween(0, stored.length);
            return !value.text().startsWith("malformed") && !value.codec().isEmpty();
        });
    }

    private static Fuzz about() {
        List<byte[]> good = all(
                "{\"node\":\"n1\",\"state\":\"READY\",\"lagEvents\":0,\"lagMillis\":3,\"generation\":\"g\",\"partitions\":4,"
                        + "\"caches\":[\"cities\",\"streets\"]}",
                "{\"error\":\"not allowed\"}");
        return Fuzz.of("audit answer about a node", good, answer -> {
                    AuditNode.About about = node(answer).about();
                    assertThat(about.partitions()).isPositive();
                    assertThat(about.caches().size()).isLessThanOrEqualTo(10_000);
                    return true;
                })
                .mayThrow(CliException.class)
                .allocatingAtMost(1 << 20, 512);
    }

    private static Fuzz look() {
        List<EncodedKey> keys =
                List.of(new KeySpace("cities", 1).key(new byte[] {1}), new KeySpace("cities", 1).key(new byte[] {2}));
        AuditNode.About about = new AuditNode.About("n1", "READY", "g", 1, List.of("cities"));
        String entry = "{\"kind\":\"VALUE\",\"version\":7,\"softDeadline\":1,\"hardDeadline\":2,\"usable\":true,"
                + "\"hash\":\"00ff00ff00ff00ff\"}";
        String key = "{\"partition\":0,\"position\":8,\"committed\":8,\"recent\":7,\"local\":" + entry + ",\"out\":"
                + entry.replace("VALUE", "TOMBSTONE") + "}";
        List<byte[]> good = all(
                "{\"node\":\"n1\",\"generation\":\"g\",\"keys\":[" + key + ",{\"partition\":0}]}",
                "{\"node\":\"n1\",\"generation\":\"g\",\"keys\":{\"a\":" + key + ",\"b\":" + key + "}}",
                "{\"keys\":[\"0102\",\"ff\"],\"key\":\"00ff\"}");
        return Fuzz.of("audit answers about keys", good, answer -> {
                    boolean any = tells(() ->
                            assertThat(node(answer).look(about, "cities", keys)).hasSameSizeAs(keys));
                    any |= tells(() ->
                            assertThat(node(answer).sample("cities", 5).size()).isLessThanOrEqualTo(5));
                    any |= tells(() -> assertThat(node(answer).publishedKey("cities", new byte[] {1}))
                            .isNotEmpty());
                    return any;
                })
                .allocatingAtMost(1 << 20, 2_048);
    }

    private static boolean tells(Runnable question) {
        try {
            question.run();
            return true;
        } catch (CliException e) {
            assertThat(e.getMessage()).contains("node=here").doesNotContain("\n");
            return false;
        }
    }

    /** A node whose server always gives this answer; a question is not asked again. */
    private static AuditNode node(byte[] answer) {
        Stop stop = new Stop();
        stop.request();
        return new AuditNode("here", "-", question -> answer, stop);
    }
}
