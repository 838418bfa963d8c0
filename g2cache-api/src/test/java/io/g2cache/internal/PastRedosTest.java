package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.LogPosition;
import org.junit.jupiter.api.Test;

class PastRedosTest {
    private final PastRedos past = new PastRedos();

    @Test
    void aRangeWithARedoInItReachesBackToWhereThatBegan() {
        past.seen(0, 100, 40);
        past.committed(LogPosition.all(2, 101), 1_000);

        assertThat(past.from(0, 90, 5_000)).isEqualTo(40);
        assertThat(past.from(0, 101, 5_000)).isEqualTo(101);
        assertThat(past.from(1, 90, 5_000)).isEqualTo(90);
    }

    @Test
    void aRedoThatWasDoneLateCountsEvenIfItWasWrittenLongBefore() {
        past.seen(0, 100, 40);
        past.committed(LogPosition.all(1, 100), 1_000);
        assertThat(past.from(0, 5_000, 9_000)).as("still open").isEqualTo(40);

        past.committed(LogPosition.all(1, 101), 7_000);

        assertThat(past.from(0, 5_000, 7_000)).isEqualTo(40);
        assertThat(past.from(0, 5_000, 7_001)).isEqualTo(5_000);
    }

    @Test
    void redosInRangesOfRedosCountToo() {
        past.seen(0, 50, 10);
        past.seen(0, 100, 40);
        past.committed(LogPosition.all(1, 200), 1_000);

        assertThat(past.from(0, 90, 5_000)).isEqualTo(10);
    }

    @Test
    void theOldestBecomeOneThatReachesAsFar() {
        for (int i = 0; i < 3 * PastRedos.MOST; i++) {
            past.seen(0, 1_000 + i, 500 - i);
            past.committed(LogPosition.all(1, 1_001 + i), i);
        }

        assertThat(past.from(0, 2_000, 3 * PastRedos.MOST)).isEqualTo(2_000);
        assertThat(past.from(0, 2_000, 0)).isEqualTo(501 - 3 * PastRedos.MOST);
        assertThat(past.from(0, 2_000, 3 * PastRedos.MOST - 1)).isEqualTo(501 - 3 * PastRedos.MOST);
    }
}
