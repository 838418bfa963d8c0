package io.g2cache.kafka.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.EncryptionKeys;
import io.g2cache.crypto.KeyRing;
import io.g2cache.kafka.LogRecord;
import io.g2cache.spi.Codec;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.ValueFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderingTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private static LogRecord found(@Nullable Event event, @Nullable String marker) {
        return new LogRecord(3, 17, NOW, 99, KEY, event, marker);
    }

    private static String text(Event event) {
        LogRecord found = found(event, null);
        return new RecordText(KeyFormat.TEXT, true).line(found, EventFields.of(found), NOW);
    }

    private static JsonNode json(Event event, boolean values) {
        LogRecord found = found(event, null);
        return Cli.parsed(new RecordJson(KeyFormat.TEXT, values).line(found, EventFields.of(found)));
    }

    private static <T> Event.Put put(Codec<T> codec, T value) {
        byte[] stored = new ValueFormat<>(codec).encode(value);
        return new Event.Put("c", KEY, "node", Entry.value(0, NOW + 61_000, NOW + 90_000_000, stored));
    }

    @Test
    void everyKindIsALine() {
        assertThat(text(put(Codecs.string(), "hello")))
                .isEqualTo("3:17 2023-11-14T22:13:20Z PUT cache=c key=k origin=node soft=1m1s hard=1d1h codec=string"
                        + " value=5B hello");
        assertThat(text(new Event.Put("c", KEY, "node", Entry.absent(0, NOW - 1, NOW))))
                .endsWith("soft=over hard=over value=absent");
        assertThat(text(new Event.Invalidate("c", KEY, "node"))).endsWith("INVALIDATE cache=c key=k origin=node");
        assertThat(text(new Event.Clear("c", "node"))).endsWith("CLEAR cache=c origin=node");
        assertThat(text(new Event.Loaded("c", KEY, "node", Entry.absent(12, NOW, NOW))))
                .endsWith("LOADED cache=c key=k origin=node soft=over hard=over value=absent stamp=12");
        assertThat(text(new Event.Tag("c", "user:42", "node"))).endsWith("TAG cache=c origin=node tag=user:42");
        assertThat(text(new Event.Redo(5, 9, "node"))).endsWith("REDO origin=node from=5 to=9");
        assertThat(text(new Event.Probe("node"))).endsWith("PROBE origin=node");
        assertThat(text(new Event.Unreadable(null, null, "odd"))).endsWith("UNREADABLE reason: odd");
        LogRecord marker = found(null, "PIN partitions=3");
        assertThat(new RecordText(KeyFormat.TEXT, true).line(marker, EventFields.of(marker), NOW))
                .endsWith("MARKER PIN partitions=3");
    }

    @Test
    void everyKindOfEventHasAName() {
        assertThat(EventFields.kinds())
                .contains("PUT", "INVALIDATE", "CLEAR", "LOADED", "PROBE", "UNREADABLE", "MARKER")
                .hasSize(Event.class.getPermittedSubclasses().length + 1);
    }

    @Test
    void jsonHasOnlyWhatApplies() {
        assertThat(json(put(Codecs.int64(), 7L), true).toString())
                .isEqualTo(
                        "{\"partition\":3,\"offset\":17,\"time\":\"2023-11-14T22:13:20Z\",\"kind\":\"PUT\",\"cache\":\"c\","
                                + "\"key\":\"k\",\"origin\":\"node\",\"softDeadline\":\"2023-11-14T22:14:21Z\","
                                + "\"hardDeadline\":\"2023-11-15T23:13:20Z\",\"absent\":false,\"codec\":\"long\",\"valueBytes\":8,"
                                + "\"value\":\"7\",\"bytes\":99}");
        assertThat(json(put(Codecs.int64(), 7L), false).has("value")).isFalse();
        assertThat(json(new Event.Unreadable("c", KEY, "odd"), true).toString())
                .endsWith(
                        "\"kind\":\"UNREADABLE\",\"cache\":\"c\",\"key\":\"k\",\"detail\":\"reason: odd\",\"bytes\":99}");
    }

    @Test
    void hostileTextDoesNotSteerTheTerminal() {
        String line = text(new Event.Unreadable("a\u001b[2Jb\nc", "\u202ekey".getBytes(StandardCharsets.UTF_8), "x\r"));
        assertThat(line)
                .contains("cache=a\\u001b[2Jb\\u000ac", "key=\\u202ekey", "reason: x\\u000d")
                .doesNotContain("\u001b", "\n", "\r", "\u202e");
        String far = text(new Event.Put("c", KEY, "n", Entry.absent(0, Long.MAX_VALUE, Long.MIN_VALUE)));
        assertThat(far).contains("hard=over");
        assertThat(json(new Event.Put("c", KEY, "n", Entry.absent(0, Long.MAX_VALUE, Long.MIN_VALUE)), true)
                        .has("softDeadline"))
                .isTrue();
    }

    @Test
    void valuesAreShownByTheirCodec() {
        UUID id = new UUID(1, 2);
        assertThat(StoredValue.of(stored(Codecs.uuid(), id)).text()).isEqualTo(id.toString());
        assertThat(StoredValue.of(stored(Codecs.float64(), 2.5)).text()).isEqualTo("2.5");
        assertThat(StoredValue.of(stored(Codecs.bytes(), new byte[] {1, -1})))
                .isEqualTo(new StoredValue("bytes", 2, "0x01ff"));
        assertThat(StoredValue.of(stored(Codecs.bytes(), new byte[33])).text())
                .hasSize(67)
                .endsWith("00…");
        byte[] malformed = ByteBuffer.allocate(17)
                .put("long".getBytes(StandardCharsets.US_ASCII))
                .array();
        assertThat(StoredValue.of(malformed)).isEqualTo(new StoredValue("long", 1, "malformed 0x00"));
        byte[] sealed = Encryption.aesGcm(new KeyRing(EncryptionKeys.of("first", new byte[16])))
                .seal(malformed, new byte[0]);
        assertThat(StoredValue.of(sealed).codec()).isEqualTo("sealed");
        assertThat(StoredValue.of(sealed).text()).isEqualTo("key id=first");
        assertThat(StoredValue.of(new byte[] {5})).isEqualTo(new StoredValue("", 1, "0x05"));
        byte[] odd = new byte[16];
        odd[0] = 0x1b;
        assertThat(StoredValue.of(odd).codec()).isEqualTo("?");
    }

    private static <T> byte[] stored(Codec<T> codec, T value) {
        return new ValueFormat<>(codec).encode(value);
    }

    @ParameterizedTest
    @CsvSource({
        "TEXT, straße, 73747261c39f65, straße",
        "LONG, -2, fffffffffffffffe, -2",
        "DOUBLE, 2.5, 4004000000000000, 2.5",
        "UUID, 00000000-0000-0001-0000-000000000002, 00000000000000010000000000000002, 00000000-0000-0001-0000-000000000002",
        "HEX, 0x0aFF, 0aff, 0x0aff",
        "HEX, 0aff, 0aff, 0x0aff"
    })
    void keysAreWrittenAndShown(KeyFormat format, String written, String bytes, String shown) {
        assertThat(format.encode(written)).isEqualTo(HexFormat.of().parseHex(bytes));
        assertThat(format.show(HexFormat.of().parseHex(bytes))).isEqualTo(shown);
    }

    @Test
    void keysOfAnotherFormatAreShownAsHex() {
        assertThat(KeyFormat.TEXT.show(new byte[] {-1, 0})).isEqualTo("0xff00");
        assertThat(KeyFormat.LONG.show(new byte[] {1})).isEqualTo("0x01");
        assertThatThrownBy(() -> KeyFormat.LONG.encode("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyFormat.HEX.encode("0xg0")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sizesAndDurationsHaveUnits() {
        assertThat(Text.bytes(1023)).isEqualTo("1023 B");
        assertThat(Text.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Text.bytes(Long.MAX_VALUE)).isEqualTo("8192.0 PiB");
        assertThat(Text.duration(Duration.ofMillis(999))).isEqualTo("999ms");
        assertThat(Text.duration(Duration.ofSeconds(60))).isEqualTo("1m");
        assertThat(Text.duration(Duration.ofSeconds(3_601))).isEqualTo("1h");
        assertThat(Text.duration(Duration.ofSeconds(90_061))).isEqualTo("1d1h");
        assertThat(Text.shortened("a😀b", 2)).isEqualTo("a…");
        assertThat(Text.shortened("a😀b", 4)).isEqualTo("a😀b");
    }

    @Test
    void tablesAlign() {
        TextTable table = new TextTable("name", "n");
        table.row("a", "1,000");
        table.row("", "-");
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out, true));
        assertThat(out.toString().lines()).containsExactly("name      n", "a     1,000", "          -");
        assertThatThrownBy(() -> table.row("one")).isInstanceOf(IllegalArgumentException.class);
    }
}
