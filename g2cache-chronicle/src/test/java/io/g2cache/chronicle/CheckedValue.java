package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;

/** Values that tell whose they are, and whether they are whole. */
final class CheckedValue {
    /** Key, version, checksum. */
    static final int LEAST_BYTES = 3 * Long.BYTES;

    private CheckedValue() {}

    /** With so much noise between version and checksum. */
    static byte[] of(long key, long version, int noiseBytes, Random random) {
        byte[] noise = new byte[noiseBytes];
        random.nextBytes(noise);
        ByteBuffer value = ByteBuffer.allocate(LEAST_BYTES + noiseBytes);
        value.putLong(key).putLong(version).put(noise);
        return value.putLong(value.position(), checksum(value.array())).array();
    }

    /** The version that a value says it is of. */
    static long version(byte[] value) {
        return ByteBuffer.wrap(value).getLong(Long.BYTES);
    }

    static void check(long key, long version, byte[] value) {
        ByteBuffer view = ByteBuffer.wrap(value);
        assertThat(view.getLong()).isEqualTo(key);
        assertThat(view.getLong()).isEqualTo(version);
        assertThat(view.getLong(value.length - Long.BYTES)).isEqualTo(checksum(value));
    }

    private static long checksum(byte[] value) {
        CRC32 crc = new CRC32();
        crc.update(value, 0, value.length - Long.BYTES);
        return crc.getValue();
    }
}
