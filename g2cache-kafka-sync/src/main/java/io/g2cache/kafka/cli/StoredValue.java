package io.g2cache.kafka.cli;

import io.g2cache.codec.Codecs;
import io.g2cache.crypto.Encryption;
import io.g2cache.spi.Codec;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A value as it lies in the log: the codec's id, and the payload as text where the codec is one that writes text or a
 * number, else the first bytes of it. Of a sealed value, the key that it was sealed with.
 *
 * @param codec id of the codec; empty where the bytes have none
 * @param payloadBytes size without the header
 * @param text what can be shown
 */
record StoredValue(String codec, int payloadBytes, String text) {
    private static final int ID_BYTES = 8;
    private static final int SHOWN_BYTES = 32;
    private static final Map<String, Codec<?>> NUMBERS = Map.of(
            "long", Codecs.int64(),
            "double", Codecs.float64(),
            "uuid", Codecs.uuid());
    private static final List<String> TEXTS = List.of("string", "json");

    static StoredValue of(byte[] stored) {
        String keyId = Encryption.keyId(stored);
        if (keyId != null) {
            return new StoredValue("sealed", payloadBytes(stored), "key id=" + keyId);
        }
        if (stored.length < ValueFormat.HEADER_BYTES) {
            return new StoredValue("", stored.length, hex(stored, 0));
        }
        String id = new String(stored, 0, ID_BYTES, StandardCharsets.ISO_8859_1)
                .replaceAll("\0+$", "")
                .replaceAll("[^!-~]", "?");
        return new StoredValue(id, payloadBytes(stored), payload(id, stored));
    }

    /** Size without the header. */
    static int payloadBytes(byte[] stored) {
        return stored.length < ValueFormat.HEADER_BYTES ? stored.length : stored.length - ValueFormat.HEADER_BYTES;
    }

    private static String payload(String id, byte[] stored) {
        Codec<?> codec = TEXTS.contains(id) ? Codecs.string() : NUMBERS.get(id);
        if (codec != null) {
            try {
                ByteBuffer view = ByteBuffer.wrap(stored);
                return String.valueOf(codec.decode(view.position(ValueFormat.HEADER_BYTES)));
            } catch (IllegalArgumentException e) {
                return "malformed " + hex(stored, ValueFormat.HEADER_BYTES);
            }
        }
        return hex(stored, ValueFormat.HEADER_BYTES);
    }

    private static String hex(byte[] bytes, int from) {
        int shown = Math.min(bytes.length - from, SHOWN_BYTES);
        byte[] first = Arrays.copyOfRange(bytes, from, from + shown);
        return KeyFormat.asHex(first) + (from + shown < bytes.length ? "…" : "");
    }
}
