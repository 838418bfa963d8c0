package io.g2cache.bench.suite;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Codec;

/** Kinds of keys; each call makes a new object. */
@SuppressWarnings("ImmutableEnumChecker") // codecs are
enum KeyKind {
    /** Text of up to 12 characters. */
    STRING(String.class, Codecs.string(), 12) {
        @Override
        Object key(int rank) {
            return "key-" + Integer.toHexString(rank * SCATTER);
        }
    },
    /** Numbers beyond the JVM's own cache of boxes. */
    LONG(Long.class, Codecs.int64(), Long.BYTES) {
        @Override
        Object key(int rank) {
            int scattered = rank * SCATTER;
            return BASE + scattered;
        }
    };

    private static final int SCATTER = 0x9E3779B1;
    private static final long BASE = 1L << 40;

    private final Class<?> type;
    private final Codec<?> codec;
    private final int bytes;

    KeyKind(Class<?> type, Codec<?> codec, int bytes) {
        this.type = type;
        this.codec = codec;
        this.bytes = bytes;
    }

    abstract Object key(int rank);

    @SuppressWarnings("unchecked")
    Shape<Object, Object> shape(ValueKind values, int entries, int valueBytes) {
        return new Shape<>(
                (Class<Object>) type,
                (Codec<Object>) codec,
                (Class<Object>) values.type(),
                (Codec<Object>) values.codec(),
                entries,
                bytes,
                valueBytes);
    }
}
