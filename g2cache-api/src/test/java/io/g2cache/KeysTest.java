package io.g2cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final List<String> PIECES = List.of("", ":", "\\", "a", "b", "a:", ":a", "\\:", "\\\\", "a\\", "ü");

    @Test
    void differentPartsGiveDifferentKeys() {
        Map<String, List<Object>> seen = new HashMap<>();
        List<List<Object>> lists = List.of(List.of());
        for (int length = 1; length <= 4; length++) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> list : lists) {
                for (String piece : PIECES) {
                    List<Object> parts = new ArrayList<>(list);
                    parts.add(piece);
                    longer.add(parts);
                    List<Object> other = seen.put(Keys.join(parts.toArray()), parts);
                    assertThat(other).as("the same key as %s", parts).isNull();
                }
            }
            lists = longer;
        }
        assertThat(seen).hasSize(11 + 121 + 1_331 + 14_641);
    }

    @Test
    void randomPartsGiveDifferentKeys() {
        Random random = new Random(1);
        Map<String, List<Object>> seen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            List<Object> parts = new ArrayList<>();
            for (int p = random.nextInt(5); p >= 0; p--) {
                StringBuilder part = new StringBuilder();
                for (int c = random.nextInt(6); c > 0; c--) {
                    part.append(":\\xy".charAt(random.nextInt(4)));
                }
                parts.add(part.toString());
            }
            List<Object> other = seen.put(Keys.join(parts.toArray()), parts);
            assertThat(other == null || other.equals(parts))
                    .as("%s and %s", other, parts)
                    .isTrue();
        }
    }

    @Test
    void numbersAndBooleansKeepTheirText() {
        assertThat(Keys.join("user", 7, 8L, true, false, 1.5, -0.25f, Integer.toUnsignedLong(-1), 'c'))
                .isEqualTo("user:7:8:true:false:1.5:-0.25:4294967295:c");
        assertThat(Keys.join("a", 1)).isNotEqualTo(Keys.join("a", true)).isNotEqualTo(Keys.join("a", 1.0));
    }

    @Test
    void noPartAndNullPartsAreRefused() {
        assertThatThrownBy(Keys::join).isInstanceOf(InvalidKeyException.class).hasMessageContaining("got 0");
        assertThatThrownBy(() -> Keys.join("a", null, "c"))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("part 1 of 3");
    }
}
