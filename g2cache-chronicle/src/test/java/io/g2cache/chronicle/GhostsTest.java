package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GhostsTest {
    private static long[] keys(int count) {
        return new Random(3).longs(count).toArray();
    }

    @Test
    void remembersMostOfTheLastKeysAndForgetsThemWhenAsked() {
        long[] keys = keys(3_000);
        Ghosts ghosts = new Ghosts(1_000);
        for (long key : keys) {
            ghosts.add(key);
        }
        int remembered = 0;
        for (int i = 0; i < keys.length; i++) {
            boolean known = ghosts.remove(keys[i]);
            assertThat(known && i < 2_000).as("key %d is too old", i).isFalse();
            remembered += known ? 1 : 0;
            assertThat(ghosts.remove(keys[i])).isFalse();
        }
        assertThat(remembered).isGreaterThan(800);
    }

    @Test
    void doesNotKnowWhatWasNeverAdded() {
        Ghosts ghosts = new Ghosts(100);
        ghosts.add(1L << 32);
        assertThat(ghosts.remove(2L << 32)).isFalse();
        assertThat(ghosts.remove(1L << 32)).isTrue();
    }

    @Test
    void aGhostsTableOfNothingIsAllowed() {
        Ghosts ghosts = new Ghosts(0);
        ghosts.add(7);
        assertThat(ghosts.remove(7)).isFalse();
    }
}
