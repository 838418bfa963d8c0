package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class AvroCursorTest {
    private static final int ROUNDS = 10_000;

    private static AvroCursor cursor(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return new AvroCursor(array, 0);
    }

    @Test
    void readsWhatAvroHasWritten() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < ROUNDS; round++) {
            long number = random.nextLong() >> random.nextInt(64);
            int small = random.nextInt() >> random.nextInt(32);
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            encoder.writeLong(number);
            encoder.writeBytes(bytes);
            encoder.writeInt(small);
            encoder.flush();

            AvroCursor cursor = new AvroCursor(out.toByteArray(), 0);
            assertThat(cursor.readLong()).isEqualTo(number);
            assertThat(cursor.isEnd()).isFalse();
            assertThat(cursor.readBytes()).isEqualTo(bytes);
            assertThat(cursor.readInt()).isEqualTo(small);
            assertThat(cursor.isEnd()).isTrue();
        }
    }

    @Test
    void refusesNumbersThatDoNotEnd() {
        assertThatThrownBy(() -> cursor().readLong()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> cursor(0x80, 0xFF).readLong()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> cursor(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0)
                        .readLong())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("10 bytes");
    }

    @Test
    void refusesNumbersThatAreNoInt() throws Exception {
        assertThat(cursor(0xFE, 0xFF, 0xFF, 0xFF, 0x0F).readInt()).isEqualTo(Integer.MAX_VALUE);
        assertThat(cursor(0xFF, 0xFF, 0xFF, 0xFF, 0x0F).readInt()).isEqualTo(Integer.MIN_VALUE);
        assertThatThrownBy(() -> cursor(0x80, 0x80, 0x80, 0x80, 0x10).readInt())
                .hasMessageContaining("number=2147483648 has more than 32 bits");
    }

    @Test
    void refusesLengthsBeyondTheRest() throws Exception {
        assertThat(cursor(0x04, 7, 8).readBytes()).containsExactly(7, 8);
        assertThatThrownBy(() -> cursor(0x06, 7, 8).readBytes()).hasMessageContaining("length=3");
        assertThatThrownBy(() -> cursor(0x01, 7, 8).readBytes()).hasMessageContaining("length=-1");
        assertThatThrownBy(() -> cursor(0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01)
                        .readLength())
                .hasMessageContaining("length=" + Long.MAX_VALUE);
    }
}
