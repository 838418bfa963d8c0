package io.g2cache.codec;

import io.g2cache.spi.Codec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The codecs of simple types. All are immutable, thread-safe and usable for keys and values. */
public final class Codecs {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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

    /** Where the next byte goes; -1 if the number does not fit. */
    private static int putLong(long value, byte[] target, int at) {
        if (target.length - at < Long.BYTES) {
            return -1;
        }
        LONGS.set(target, at, value);
        return at + Long.BYTES;
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
                throw unpairedSurrogate(value);
            }
            return value.getBytes(StandardCharsets.UTF_8);
        }

        private static IllegalArgumentException unpairedSurrogate(String value) {
            return new IllegalArgumentException("text of " + value.length() + " chars has an unpaired surrogate");
        }

        @Override
        public int encodeInto(String value, byte[] target) {
            int length = value.length();
            if (length > target.length) {
                return -1;
            }
            for (int i = 0; i < length; i++) {
                char c = value.charAt(i);
                if (c >= 0x80) {
                    return encodeRest(value, i, target);
                }
                target[i] = (byte) c;
            }
            return length;
        }

        /** Goes on from the first char that is not ASCII. */
        private static int encodeRest(String value, int from, byte[] target) {
            int at = from;
            int next;
            for (int i = from; i < value.length(); i = next) {
                int c = value.codePointAt(i);
                next = i + Character.charCount(c);
                int bytes = utf8Bytes(c);
                if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                    throw unpairedSurrogate(value);
                }
                if (at + bytes > target.length) {
                    return -1;
                }
                int shift = 6 * (bytes - 1);
                target[at++] = (byte) (bytes == 1 ? c : (0xF00 >> bytes) | (c >> shift));
                while (shift > 0) {
                    shift -= 6;
                    target[at++] = (byte) (0x80 | (c >> shift & 0x3F));
                }
            }
            return at;
        }

        private static int utf8Bytes(int codePoint) {
            if (codePoint < 0x80) {
                return 1;
            }
            if (codePoint < 0x800) {
                return 2;
            }
            return codePoint < 0x10000 ? 3 : 4;
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
            ByteBuffer bytes = view;
            if (!view.hasArray()) {
                bytes = ByteBuffer.allocate(view.remaining()).put(view).flip();
            }
            int from = bytes.arrayOffset() + bytes.position();
            String text = new String(bytes.array(), from, bytes.remaining(), StandardCharsets.UTF_8);
            if (text.indexOf('\uFFFD') < 0) {
                return text;
            }
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
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
        public int encodeInto(byte[] value, byte[] target) {
            if (value.length > target.length) {
                return -1;
            }
            System.arraycopy(value, 0, target, 0, value.length);
            return value.length;
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

        @Override
        public byte[] encodeIdentity(Object identity) {
            return ((ByteBuffer) identity).array().clone();
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
        public int encodeInto(Long value, byte[] target) {
            return putLong(value, target, 0);
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
            return ByteBuffer.allocate(Double.BYTES)
                    .putLong(Double.doubleToLongBits(value))
                    .array();
        }

        @Override
        public int encodeInto(Double value, byte[] target) {
            return putLong(Double.doubleToLongBits(value), target, 0);
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
        public int encodeInto(UUID value, byte[] target) {
            int half = putLong(value.getMostSignificantBits(), target, 0);
            return half < 0 ? -1 : putLong(value.getLeastSignificantBits(), target, half);
        }

        @Override
        public UUID decode(ByteBuffer view) {
            requireRemaining(view, 2 * Long.BYTES, "uuid");
            return new UUID(view.getLong(), view.getLong());
        }
    }
}
