package io.g2cache.kafka.cli;

import io.g2cache.codec.Codecs;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** How the keys of a cache are encoded, so that they can be shown and asked for as people write them. */
enum KeyFormat {
    TEXT,
    LONG,
    DOUBLE,
    UUID,
    HEX;

    /**
     * The bytes of a key.
     *
     * @throws IllegalArgumentException if the text is none of this format
     */
    byte[] encode(String text) {
        return switch (this) {
            case TEXT -> Codecs.string().encode(text);
            case LONG -> Codecs.int64().encode(Long.valueOf(text));
            case DOUBLE -> Codecs.float64().encode(Double.valueOf(text));
            case UUID -> Codecs.uuid().encode(java.util.UUID.fromString(text));
            case HEX -> HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
        };
    }

    /** The key as text; in hexadecimal digits where its bytes are none of this format. */
    String show(byte[] key) {
        try {
            ByteBuffer view = ByteBuffer.wrap(key).asReadOnlyBuffer();
            return switch (this) {
                case TEXT -> Codecs.string().decode(view);
                case LONG -> Codecs.int64().decode(view).toString();
                case DOUBLE -> Codecs.float64().decode(view).toString();
                case UUID -> Codecs.uuid().decode(view).toString();
                case HEX -> asHex(key);
            };
        } catch (IllegalArgumentException e) {
            return asHex(key);
        }
    }

    static String asHex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
