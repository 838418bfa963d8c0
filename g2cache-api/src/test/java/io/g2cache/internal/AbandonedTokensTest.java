package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.LogPosition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Waiting for a write that never arrives leaves nothing behind. */
final class AbandonedTokensTest {
    @Test
    void whoGivesUpIsForgotten() {
        PositionTracker positions = new PositionTracker(LogPosition.all(1, 0));
        for (int i = 0; i < 1_000; i++) {
            positions.await(Map.of(0, 1_000_000L)).cancel(false);
        }
        CompletableFuture<Void> patient = positions.await(Map.of(0, 5L));

        assertThat(positions.waiting()).isEqualTo(1);
        positions.advance(0, 6);
        assertThat(patient).isCompleted();
        assertThat(positions.waiting()).isZero();
    }
}
