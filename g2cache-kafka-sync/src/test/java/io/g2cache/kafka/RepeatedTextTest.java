package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RepeatedTextTest {
    private final RepeatedText texts = new RepeatedText();

    private String of(String text) throws CharacterCodingException {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return texts.of(bytes, 1, bytes.length - 2);
    }

    @Test
    void decodesOnceWhatComesAgain() throws CharacterCodingException {
        assertThat(of("cities")).isEqualTo("cities").isSameAs(of("cities"));
        assertThat(of("")).isEmpty();
    }

    @Test
    void manyNamesShareItsSlotsAndAreNeverMistaken() throws CharacterCodingException {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(of("größe" + i)).isEqualTo("größe" + i);
            }
        }
    }

    @Test
    void keepsNoLongName() throws CharacterCodingException {
        String name = "x".repeat(257);
        assertThat(of(name)).isEqualTo(name).isNotSameAs(of(name));
    }

    @Test
    void refusesWhatIsNoText() {
        byte[] bytes = {'a', (byte) 0xFF};
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> texts.of(bytes, 0, 2)).isInstanceOf(CharacterCodingException.class);
        }
    }
}
