package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the breaker opens, what it lets through then, and when it closes. */
class BreakerTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final long FAST = 1;
    private static final long SLOW = Duration.ofMillis(100).toNanos();

    private static Breaker breaker(Duration pause) {
        return new Breaker(
                BreakerOptions.DEFAULTS
                        .withFailures(3, 6)
                        .withSlowCall(Duration.ofMillis(100))
                        .withPause(pause),
                "a test");
    }

    private static void call(Breaker breaker, boolean succeeds) {
        assertThat(breaker.lets()).isTrue();
        breaker.ended(succeeds, FAST, 1);
    }

    /** Lets the pause of 10 ms go by; the one probe is the caller's then. */
    private static void awaitProbe(Breaker breaker) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!breaker.lets()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void itOpensAtSoManyFailuresOfTheLastCallsAndRefusesFromThenOn() {
        Breaker breaker = breaker(LONG);
        for (int i = 0; i < 20; i++) {
            call(breaker, i % 3 != 0);
        }
        assertThat(breaker.isAway()).isFalse();
        call(breaker, false);
        assertThat(breaker.isAway()).isTrue();
        assertThat(breaker.lets()).isFalse();
        assertThat(breaker.lets()).isFalse();
        assertThat(breaker.status()).isEqualTo(new BreakerStatus(true, 1, 2));
        assertThat(breaker.reason()).contains("failures=3 of calls=6");
    }

    @Test
    void slowCallsCountAsFailuresMeasuredByTheirSteps() {
        Breaker breaker = breaker(LONG);
        for (int i = 0; i < 6; i++) {
            assertThat(breaker.lets()).isTrue();
            breaker.ended(true, SLOW, 2);
        }
        assertThat(breaker.isAway()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.lets()).isTrue();
            breaker.ended(true, SLOW, 1);
        }
        assertThat(breaker.isAway()).isTrue();
    }

    @Test
    void oneProbeAfterEachPauseDecides() {
        Breaker breaker = breaker(Duration.ofMillis(10));
        for (int i = 0; i < 3; i++) {
            call(breaker, false);
        }
        awaitProbe(breaker);
        assertThat(breaker.lets()).as("a second probe").isFalse();
        assertThat(breaker.isAway()).isTrue();
        breaker.ended(false, FAST, 1);
        assertThat(breaker.isAway()).isTrue();
        awaitProbe(breaker);
        breaker.ended(true, FAST, 1);
        assertThat(breaker.isAway()).isFalse();
        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.status().opened()).isEqualTo(1);
    }

    @Test
    void oneThatIsOffNeverOpens() {
        Breaker breaker = new Breaker(BreakerOptions.OFF, "a test");
        for (int i = 0; i < 1000; i++) {
            call(breaker, false);
        }
        assertThat(breaker.status()).isEqualTo(new BreakerStatus(false, 0, 0));
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> BreakerOptions.DEFAULTS.withFailures(3, 2)).hasMessage("failures=3 must be 0 to 2");
        assertThatThrownBy(() -> BreakerOptions.DEFAULTS.withFailures(1, 0)).hasMessageContaining("calls=0");
        assertThatThrownBy(() -> BreakerOptions.DEFAULTS.withPause(Duration.ZERO))
                .hasMessageContaining("pause=PT0S");
        assertThatThrownBy(() -> BreakerOptions.DEFAULTS.withSlowCall(Duration.ZERO))
                .hasMessageContaining("slowCall=PT0S");
    }
}
