package io.g2cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteTokenTest {
    private static final String ALPHABET = "g1.-_0aZ 9\\:٣²é\0";

    private static WriteToken random(Random random) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            offsets.put(random.nextInt(1_000), random.nextLong() >>> 5);
        }
        return WriteToken.of("gen-" + random.nextInt(100) + "_x", offsets);
    }

    @Test
    void textComesBack() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            WriteToken token = random(random);
            assertThat(WriteToken.parse(token.toString())).isEqualTo(token).hasSameHashCodeAs(token);
        }
        assertThat(WriteToken.of("g", Map.of(3, 7L, 0, 9L))).hasToString("g1.g.0-9_3-7");
        assertThat(WriteToken.of("g", Map.of())).hasToString("g1.g.");
    }

    @Test
    void brokenTextIsAnIllegalArgumentAndNothingElse() {
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = mutated(random(random).toString(), random);
            try {
                WriteToken token = WriteToken.parse(text);
                assertThat(WriteToken.parse(token.toString())).as(text).isEqualTo(token);
            } catch (IllegalArgumentException e) {
                assertThat(e).as(text).isExactlyInstanceOf(IllegalArgumentException.class);
                assertThat(e).hasMessageContaining("length=" + text.length());
                refused++;
            }
        }
        assertThat(refused).isBetween(5_000, 19_999);
    }

    private static String mutated(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(mutated.length() + 1);
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> mutated.insert(at, c);
                case 1 -> mutated.delete(at, Math.min(mutated.length(), at + 1 + random.nextInt(3)));
                case 2 -> mutated.replace(at, Math.min(mutated.length(), at + 1), String.valueOf(c));
                default -> mutated.insert(at, mutated.substring(at / 2, at));
            }
        }
        return mutated.toString();
    }

    @Test
    void numbersTooLongForTheirTypeAreRefused() {
        for (String text : new String[] {
            "",
            "g1",
            "g1..0-1",
            "g2.g.0-1",
            "g1.g.0",
            "g1.g.0-",
            "g1.g.-1",
            "g1.g.0-1_",
            "g1.g._0-1",
            "g1.g.0--1",
            "g1.g.9999999999-1",
            "g1.g.0-9999999999999999999",
            "g1.g.0-1 ",
            "x".repeat(100_000)
        }) {
            assertThatThrownBy(() -> WriteToken.parse(text))
                    .as(text.substring(0, Math.min(40, text.length())))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .message()
                    .hasSizeLessThan(200);
        }
    }

    @Test
    void bothTokensAreCoveredByTheirSum() {
        WriteToken a = WriteToken.of("g", Map.of(0, 5L, 1, 9L));
        WriteToken b = WriteToken.of("g", Map.of(1, 3L, 2, 4L));
        assertThat(a.and(b))
                .isEqualTo(WriteToken.of("g", Map.of(0, 5L, 1, 9L, 2, 4L)))
                .isEqualTo(b.and(a));
        assertThat(a.offsets()).isEqualTo(Map.of(0, 5L, 1, 9L));
        assertThatThrownBy(() -> a.and(WriteToken.of("h", Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'g'")
                .hasMessageContaining("'h'");
    }

    @Test
    void offsetsAreCopiedAndCannotBeChanged() {
        Map<Integer, Long> offsets = new HashMap<>(Map.of(0, 5L));
        WriteToken token = WriteToken.of("g", offsets);
        offsets.put(1, 6L);
        assertThat(token.offsets()).isEqualTo(Map.of(0, 5L));
        assertThat(token.generation()).isEqualTo("g");
        assertThatThrownBy(() -> token.offsets().put(1, 6L)).isInstanceOf(UnsupportedOperationException.class);
    }
}
