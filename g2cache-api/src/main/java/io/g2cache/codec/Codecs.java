package io.g2cache.codec;

import io.g2cache.spi.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The codecs of simple types. All are immutable, thread-safe and usable for keys and values. */
public final class Codecs {
    private Codecs() {}

    /** UTF-8. Text with unpaired surrogates is refused, as it could not be read back. */
    public static Codec<String> string() {
        return StringCodec.INSTANCE;
    }

    /** Bytes as they are; encoding and decoding copy. */
    public static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }

    /** 8 bytes, big-endian. */
    public static Codec<Long> int64() {
        return LongCodec.INSTANCE;
    }

    /** 8 bytes, IEEE 754 bits. */
    public static Codec<Double> float64() {
        return DoubleCodec.INSTANCE;
    }

    /** 16 bytes. */
    public static Codec<UUID> uuid() {
        return UuidCodec.INSTANCE;
    }

    private static void requireRemaining(ByteBuffer view, int bytes, String type) {
        if (view.remaining() != bytes) {
            throw new IllegalArgumentException(type + " needs " + bytes + " bytes, got " + view.remaining());
        }
    }

    private enum StringCodec implements Codec<String> {
        INSTANCE;

        @Override
        public String id() {
            return "string";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(String value) {
            if (hasUnpairedSurrogate(value)) {
                throw new IllegalArgumentException("text of " + value.length() + " chars has an unpaired surrogate");
            }
            return value.getBytes(StandardCharsets.UTF_8);
        }

        private static boolean hasUnpairedSurrogate(String value) {
            for (int i = 0; i < value.length(); i++) {
                if (Character.isSurrogate(value.charAt(i))) {
                    if (i + 1 == value.length() || !Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1))) {
                        return true;
                    }
                    i++;
                }
            }
            return false;
        }

        /** The fast way replaces what is malformed; only where that shows is the strict way worth its price. */
        @Override
        public String decode(ByteBuffer view) {
            if (view.hasArray()) {
                int from = view.arrayOffset() + view.position();
                String text = new String(view.array(), from, view.remaining(), StandardCharsets.UTF_8);
                if (text.indexOf('\uFFFD') < 0) {
                    return text;
                }
            }
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(view).toString();
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("not UTF-8", e);
            }
        }
    }

    private enum BytesCodec implements Codec<byte[]> {
        INSTANCE;

        @Override
        public String id() {
            return "bytes";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(byte[] value) {
            return value.clone();
        }

        @Override
        public byte[] decode(ByteBuffer view) {
            byte[] value = new byte[view.remaining()];
            view.get(value);
            return value;
        }

        @Override
        public Object identity(byte[] key) {
            return ByteBuffer.wrap(key);
        }
    }

    private enum LongCodec implements Codec<Long> {
        INSTANCE;

        @Override
        public String id() {
            return "long";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(Long value) {
            return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        }

        @Override
        public Long decode(ByteBuffer view) {
            requireRemaining(view, Long.BYTES, "long");
            return view.getLong();
        }
    }

    private enum DoubleCodec implements Codec<Double> {
        INSTANCE;

        @Override
        public String id() {
            return "double";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(Double value) {
            return ByteBuffer.allocate(Double.BYTES).putDouble(value).array();
        }

        @Override
        public Double decode(ByteBuffer view) {
            requireRemaining(view, Double.BYTES, "double");
            return view.getDouble();
        }
    }

    private enum UuidCodec implements Codec<UUID> {
        INSTANCE;

        @Override
        public String id() {
            return "uuid";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(UUID value) {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array();
        }

        @Override
        public UUID decode(ByteBuffer view) {
            requireRemaining(view, 2 * Long.BYTES, "uuid");
            return new UUID(view.getLong(), view.getLong());
        }
    }
}
