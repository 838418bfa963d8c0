package io.g2cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.spi.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is encoded into an array is what is encoded into an array of its own. */
class EncodeIntoTest {
    private static final int ROUNDS = 5_000;
    private static final long SEED = 11;

    private static <T> void assertSame(Codec<T> codec, T value) {
        byte[] expected = codec.encode(value);
        byte[] exact = new byte[expected.length];
        assertThat(codec.encodeInto(value, exact)).isEqualTo(expected.length);
        assertThat(exact).isEqualTo(expected);
        byte[] roomy = new byte[expected.length + 9];
        Arrays.fill(roomy, (byte) 7);
        assertThat(codec.encodeInto(value, roomy)).isEqualTo(expected.length);
        assertThat(Arrays.copyOf(roomy, expected.length)).isEqualTo(expected);
        assertThat(roomy).endsWith(7, 7, 7, 7, 7, 7, 7, 7, 7);
        for (int length = 0; length < Math.min(expected.length, 20); length++) {
            assertThat(codec.encodeInto(value, new byte[length])).isEqualTo(-1);
        }
        if (expected.length > 0) {
            assertThat(codec.encodeInto(value, new byte[expected.length - 1])).isEqualTo(-1);
        }
    }

    private static <T> void assertSameForRandom(Codec<T> codec, Function<Random, T> values) {
        Random random = new Random(SEED);
        for (int i = 0; i < ROUNDS; i++) {
            assertSame(codec, values.apply(random));
        }
    }

    /** Of one to four bytes a character, alone and mixed. */
    private static String text(Random random) {
        int[] limits = {0x80, 0x800, 0x10000, Character.MAX_CODE_POINT + 1};
        int limit = limits[random.nextInt(limits.length)];
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(40); text.length() < length; ) {
            int c = random.nextInt(limit);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                text.appendCodePoint(c);
            }
        }
        return text.toString();
    }

    @Test
    void text() {
        assertSameForRandom(Codecs.string(), EncodeIntoTest::text);
        for (int c : new int[] {0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF}) {
            assertSame(Codecs.string(), Character.toString(c));
            assertSame(Codecs.string(), "ab" + Character.toString(c) + "c");
        }
    }

    @Test
    void textWithUnpairedSurrogatesIsRefused() {
        for (String text : new String[] {"\uD800", "a\uDC00b", "\uDC00\uD800", "\uD83E\uDD8A\uD83E", "é\uDFFFx"}) {
            assertThatThrownBy(() -> Codecs.string().encodeInto(text, new byte[64]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text.length() + " chars");
        }
    }

    @Test
    void bytesAndNumbers() {
        assertSameForRandom(Codecs.bytes(), random -> {
            byte[] bytes = new byte[random.nextInt(50)];
            random.nextBytes(bytes);
            return bytes;
        });
        assertSameForRandom(Codecs.int64(), Random::nextLong);
        assertSameForRandom(Codecs.float64(), random -> Double.longBitsToDouble(random.nextLong()));
        assertSameForRandom(Codecs.uuid(), random -> new UUID(random.nextLong(), random.nextLong()));
    }

    @Test
    void aCodecThatOnlyEncodes() {
        assertSameForRandom(
                new Codec<String>() {
                    @Override
                    public String id() {
                        return "plain";
                    }

                    @Override
                    public long fingerprint() {
                        return 0;
                    }

                    @Override
                    public byte[] encode(String value) {
                        return Codecs.string().encode(value);
                    }

                    @Override
                    public String decode(ByteBuffer view) {
                        return Codecs.string().decode(view);
                    }
                },
                EncodeIntoTest::text);
    }
}
