package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
        var until = handover.join();
        assertThat(until.offset(0)).isEqualTo(10);
        assertThat(until.offset(1)).isZero();
        assertThat(handover.isTailersTurn(0, 9)).isFalse();
        assertThat(handover.isTailersTurn(0, 10)).isTrue();
        assertThat(handover.isTailersTurn(1, 0)).isTrue();
    }

    @Test
    void anEndedHandoverLeavesEverythingToTheTailer() {
        handover.end();
        assertThat(handover.isTailersTurn(0, 0)).isTrue();
    }
}
