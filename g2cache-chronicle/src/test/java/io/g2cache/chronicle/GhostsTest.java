package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GhostsTest {
    private static long[] keys(int count) {
        return new Random(3).longs(count).toArray();
    }

    @Test
    void remembersMostOfTheLastKeysWithTheirAgesAndForgetsThemWhenAsked() {
        long[] keys = keys(3_000);
        Ghosts ghosts = new Ghosts(1_000, 100);
        for (long key : keys) {
            ghosts.add(key, false);
        }
        int remembered = 0;
        int mistaken = 0;
        for (int i = 0; i < keys.length; i++) {
            long age = ghosts.remove(keys[i]);
            assertThat(age).as("key %d", i).isLessThan(1_000);
            if (age == 2_999 - i) {
                remembered++;
            } else if (age != Ghosts.UNKNOWN) {
                mistaken++;
            }
            assertThat(ghosts.remove(keys[i])).isEqualTo(Ghosts.UNKNOWN);
        }
        assertThat(remembered).isGreaterThan(800);
        assertThat(mistaken).isLessThan(5);
    }

    @Test
    void aKeyOfTheMainQueueIsKnownForAShortWhileOfThatQueue() {
        long[] keys = keys(1_000);
        Ghosts ghosts = new Ghosts(1_000, 10);
        for (int i = 0; i < 20; i++) {
            ghosts.add(keys[i], true);
        }
        for (int i = 20; i < 60; i++) {
            ghosts.add(keys[i], false);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(ghosts.remove(keys[i])).as("key %d", i).isEqualTo(i < 10 ? Ghosts.UNKNOWN : Ghosts.LEFT_MAIN);
        }
    }

    @Test
    void theOldestOfAFullBucketMakesRoomAndDeadOnesOfTheMainQueueFirst() {
        Ghosts ghosts = new Ghosts(1, 1);
        for (long key = 1; key <= 3; key++) {
            ghosts.add(key << 49, key == 2);
        }
        ghosts.add(4L << 49, true);
        ghosts.add(5L << 49, false);
        assertThat(ghosts.remove(2L << 49)).isEqualTo(Ghosts.UNKNOWN);
        assertThat(ghosts.remove(4L << 49)).isEqualTo(Ghosts.LEFT_MAIN);
        assertThat(ghosts.remove(5L << 49)).isZero();
    }

    @Test
    void agesOfALargeTableAreRoundedButNotByMuch() {
        int remembered = 1 << 20;
        long[] keys = keys(remembered / 2);
        Ghosts ghosts = new Ghosts(remembered, remembered / 10);
        for (long key : keys) {
            ghosts.add(key, false);
        }
        int right = 0;
        int mistaken = 0;
        for (int i = 0; i < keys.length; i++) {
            long age = ghosts.remove(keys[i]);
            if (Math.abs(age - (keys.length - 1 - i)) < remembered / 1_000) {
                right++;
            } else if (age != Ghosts.UNKNOWN) {
                mistaken++;
            }
        }
        assertThat(right).isGreaterThan((int) (keys.length * 0.95));
        assertThat(mistaken).isLessThan(keys.length / 1_000);
    }

    @Test
    void doesNotKnowWhatWasNeverAdded() {
        Ghosts ghosts = new Ghosts(100, 10);
        ghosts.add(1L << 50, false);
        assertThat(ghosts.remove(2L << 50)).isEqualTo(Ghosts.UNKNOWN);
        assertThat(ghosts.remove(1L << 50)).isZero();
    }
}
