package io.g2cache.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Hash64Test {
    private static long hash(String text, long seed) {
        return Hash64.hash(text.getBytes(StandardCharsets.US_ASCII), seed);
    }

    /** Bytes 0, 1, 2, … of the given length. */
    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void knownVectorsMatch() {
        assertThat(hash("", 0)).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(hash("a", 0)).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(hash("abc", 0)).isEqualTo(0x44BC2CF5AD770999L);
    }

    @Test
    void longerInputsMatchAnotherImplementation() {
        assertThat(Hash64.hash(counting(4), 0)).isEqualTo(0xFFCED8604453CC1EL);
        assertThat(Hash64.hash(counting(8), 0)).isEqualTo(0x884A173614B81B8DL);
        assertThat(Hash64.hash(counting(31), 0)).isEqualTo(0xC346D2B59B4D8EE1L);
        assertThat(Hash64.hash(counting(32), 0)).isEqualTo(0xCBF59C5116FF32B4L);
        assertThat(Hash64.hash(counting(33), 7)).isEqualTo(0x0C43E57754C778D9L);
        assertThat(Hash64.hash(counting(63), 7)).isEqualTo(0x379EEAB4056E3988L);
        assertThat(Hash64.hash(counting(64), 7)).isEqualTo(0x3C65D1809A38A9BFL);
        assertThat(Hash64.hash(counting(100), 0x123456789abcdefL)).isEqualTo(0x40E8F4EC2207F62CL);
    }

    @Test
    void everyLengthAndSeedHashesDifferentlyAndAlikeEachTime() {
        Set<Long> seen = new HashSet<>();
        for (int length = 0; length <= 100; length++) {
            for (long seed : new long[] {0, 1, -1, Long.MIN_VALUE}) {
                long hash = Hash64.hash(counting(length), seed);
                assertThat(seen.add(hash)).as("length=%d seed=%d", length, seed).isTrue();
                assertThat(Hash64.hash(counting(length), seed)).isEqualTo(hash);
            }
        }
    }

    @Test
    void lengthsFromNoneToAHundredKeepTheirValues() {
        long chain = 0;
        for (int length = 0; length <= 100; length++) {
            chain = Hash64.hash(counting(length), chain);
        }
        assertThat(chain).isEqualTo(0x4550DA8E5E529859L);
    }

    @Test
    void everyBitOfTheInputCounts() {
        byte[] bytes = counting(77);
        long before = Hash64.hash(bytes, 3);
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Hash64.hash(bytes, 3)).as("bit %d", bit).isNotEqualTo(before);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void whatFollowsTheHashedLengthDoesNotCount() {
        for (int length = 0; length <= 100; length++) {
            byte[] longer = Arrays.copyOf(counting(length), length + 40);
            longer[length] = 99;
            assertThat(Hash64.hash(longer, length, 5)).isEqualTo(Hash64.hash(counting(length), 5));
            assertThat(new KeySpace("c", 3).hash(longer, length))
                    .isEqualTo(new KeySpace("c", 3).key(counting(length)).hash());
        }
    }
}
