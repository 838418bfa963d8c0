package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.LogPosition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PositionTrackerTest {
    private final PositionTracker tracker = new PositionTracker(LogPosition.of(5, 7));

    @Test
    void thePositionOnlyMovesOn() {
        tracker.advance(0, 9);
        tracker.advance(0, 8);
        assertThat(tracker.position(0)).isEqualTo(9);
        assertThat(tracker.position(1)).isEqualTo(7);
        assertThat(tracker.lag(LogPosition.of(10, 6))).isEqualTo(1);
    }

    @Test
    void waitersHearOfAllTheirPartitions() {
        CompletableFuture<Void> both = tracker.await(Map.of(0, 5L, 1, 8L));
        tracker.advance(0, 6);
        tracker.advance(1, 8);
        assertThat(both).isNotDone();
        tracker.advance(1, 9);
        assertThat(both).isCompleted();
        assertThat(tracker.await(Map.of(0, 5L))).isCompleted();
        assertThat(tracker.waiting()).isZero();
    }

    @Test
    void whoNoLongerWaitsIsForgotten() {
        for (int i = 0; i < 100; i++) {
            assertThat(tracker.await(Map.of(0, 1_000L)).cancel(false)).isTrue();
        }
        assertThat(tracker.waiting()).isLessThanOrEqualTo(1);
    }
}
