package io.g2cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.spi.Codec;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CodecsTest {
    /** Heap, direct and read-only views at an odd position: decoding must not depend on which it gets. */
    private static List<ByteBuffer> views(byte[] bytes) {
        ByteBuffer heap = ByteBuffer.allocate(bytes.length + 5).position(3);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 5).position(3);
        for (ByteBuffer view : List.of(heap, direct)) {
            view.put(bytes).limit(3 + bytes.length).position(3);
        }
        return List.of(heap, direct, heap.asReadOnlyBuffer());
    }

    private static <T> void assertRoundTrip(Codec<T> codec, T value) {
        for (ByteBuffer view : views(codec.encode(value))) {
            assertThat(codec.decode(view)).isEqualTo(value);
        }
    }

    private static void assertMalformed(Codec<?> codec, byte... bytes) {
        for (ByteBuffer view : views(bytes)) {
            assertThatThrownBy(() -> codec.decode(view))
                    .as("%s %s", codec, view)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void textComesBack() {
        for (String text : new String[] {"", "a", "Köln", "東京", "🦊", "\0", "\uFFFD", "x".repeat(100_000)}) {
            assertRoundTrip(Codecs.string(), text);
        }
        assertThat(Codecs.string().encode("é")).containsExactly(0xC3, 0xA9);
    }

    @Test
    void textThatCouldNotComeBackIsRefused() {
        for (String text : new String[] {"\uD800", "a\uDC00b", "\uDC00\uD800", "\uD83E\uDD8A\uD83E"}) {
            assertThatThrownBy(() -> Codecs.string().encode(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text.length() + " chars");
        }
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        assertMalformed(Codecs.string(), (byte) 0xFF);
        assertMalformed(Codecs.string(), (byte) 'a', (byte) 0xC3);
        assertMalformed(Codecs.string(), (byte) 0xED, (byte) 0xA0, (byte) 0x80);
        assertMalformed(Codecs.string(), (byte) 0xC0, (byte) 0x80);
    }

    @Test
    void bytesComeBackAsCopies() {
        byte[] bytes = {0, -1, 127, -128};
        assertRoundTrip(Codecs.bytes(), bytes);
        assertRoundTrip(Codecs.bytes(), new byte[0]);
        assertThat(Codecs.bytes().encode(bytes)).isNotSameAs(bytes);
        assertThat(Codecs.bytes().decode(ByteBuffer.wrap(bytes))).isNotSameAs(bytes);
        assertThat(Codecs.bytes().identity(bytes)).isEqualTo(Codecs.bytes().identity(bytes.clone()));
    }

    @Test
    void numbersComeBack() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            assertRoundTrip(Codecs.int64(), random.nextLong());
            assertRoundTrip(Codecs.float64(), random.nextDouble() * random.nextLong());
            assertRoundTrip(Codecs.uuid(), new UUID(random.nextLong(), random.nextLong()));
        }
        for (long value : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1}) {
            assertRoundTrip(Codecs.int64(), value);
        }
        for (double value :
                new double[] {0.0, -0.0, Double.NaN, Double.MIN_VALUE, Double.MAX_VALUE, Double.NEGATIVE_INFINITY}) {
            assertRoundTrip(Codecs.float64(), value);
        }
        assertThat(Codecs.int64().encode(1L)).containsExactly(0, 0, 0, 0, 0, 0, 0, 1);
    }

    @Test
    void numbersOfAnotherLengthAreRefused() {
        for (int length = 0; length <= 20; length++) {
            for (Codec<?> codec : List.of(Codecs.int64(), Codecs.float64(), Codecs.uuid())) {
                int right = codec == Codecs.uuid() ? 16 : 8;
                if (length != right) {
                    assertMalformed(codec, new byte[length]);
                }
            }
        }
    }

    @Test
    void idsAreValidAndTellTheCodecsApart() {
        Set<String> ids = new HashSet<>();
        for (Codec<?> codec :
                List.of(Codecs.string(), Codecs.bytes(), Codecs.int64(), Codecs.float64(), Codecs.uuid())) {
            assertThat(ids.add(codec.id())).as(codec.id()).isTrue();
            assertThat(new ValueFormat<>(codec).codec()).isSameAs(codec);
        }
    }
}
