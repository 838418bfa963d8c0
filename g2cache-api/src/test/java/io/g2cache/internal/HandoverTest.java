package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.LogPosition;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final Handover handover = new Handover(2);

    @Test
    void theTailerLeavesEverythingToTheReplayAtFirst() {
        assertThat(handover.isTailersTurn(0, 0)).isFalse();
        assertThat(handover.isTailersTurn(1, 99)).isFalse();
    }

    @Test
    void afterJoiningExactlyWhatWasLeftOutIsStillTheReplays() {
        assertThat(handover.isTailersTurn(0, 7)).isFalse();
        assertThat(handover.isTailersTurn(0, 9)).isFalse();
        var until = handover.join(LogPosition.of(new long[] {8, 0}));
        assertThat(until.offset(0)).isEqualTo(10);
        assertThat(until.offset(1)).isZero();
        assertThat(handover.isTailersTurn(0, 9)).isFalse();
        assertThat(handover.isTailersTurn(0, 10)).isTrue();
        assertThat(handover.isTailersTurn(1, 0)).isTrue();
    }

    @Test
    void whatWasReplayedIsNeverTheTailers() {
        var until = handover.join(LogPosition.of(new long[] {8, 3}));
        assertThat(until.offset(0)).isEqualTo(8);
        assertThat(until.offset(1)).isEqualTo(3);
        handover.end();
        assertThat(handover.isTailersTurn(0, 7)).isFalse();
        assertThat(handover.isTailersTurn(0, 8)).isTrue();
        assertThat(handover.isTailersTurn(1, 2)).isFalse();
        handover.end();
        assertThat(handover.isTailersTurn(1, 2)).isFalse();
    }

    @Test
    void anEndedHandoverLeavesEverythingToTheTailer() {
        handover.end();
        assertThat(handover.isTailersTurn(0, 0)).isTrue();
    }
}
