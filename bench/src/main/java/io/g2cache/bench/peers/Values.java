package io.g2cache.bench.peers;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Keys and values that all peers get: each value is of the same size, and begins with its number. Stateless. */
final class Values {
    /** Size of every value. */
    static final int BYTES = 100;

    private Values() {}

    static String key(int index) {
        return "key-" + Integer.toHexString(index * 0x9E3779B1);
    }

    /** A new value. */
    static byte[] of(long number) {
        return ByteBuffer.allocate(BYTES).putLong(number).array();
    }

    /** The number of a value, -1 where there is none. */
    static long number(byte @Nullable [] value) {
        return value == null ? -1 : ByteBuffer.wrap(value).getLong();
    }
}
