package io.g2cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifetimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    @Test
    void theHardLimitIsThirtyTwoTimesTheSoftOneByDefault() {
        assertThat(Lifetime.of(SECOND)).isEqualTo(new Lifetime(SECOND, Duration.ofSeconds(32), 0));
        assertThat(Lifetime.of(LONGEST.minusDays(1)).hard()).isEqualTo(LONGEST);
        assertThat(Lifetime.hard(SECOND)).isEqualTo(Lifetime.of(SECOND, SECOND));
        assertThat(Lifetime.of(SECOND).withJitter(0.5)).isEqualTo(new Lifetime(SECOND, Duration.ofSeconds(32), 0.5));
    }

    @Test
    void limitsOutOfRangeAreRefusedByName() {
        for (Duration bad : new Duration[] {
            Duration.ZERO,
            Duration.ofMillis(-1),
            Duration.ofNanos(999_999),
            LONGEST.plusNanos(1),
            Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertRefused(() -> Lifetime.of(bad), "soft=" + bad);
            assertRefused(() -> Lifetime.of(bad, LONGEST), "soft=" + bad);
            assertRefused(() -> Lifetime.of(Duration.ofMillis(1), bad), "hard=" + bad);
            assertRefused(() -> Lifetime.hard(bad), "=" + bad);
        }
        assertThat(Lifetime.of(Duration.ofMillis(1), LONGEST).hard()).isEqualTo(LONGEST);
    }

    @Test
    void softAboveHardIsRefused() {
        assertRefused(() -> Lifetime.of(SECOND, SECOND.minusMillis(1)), "soft=PT1S");
    }

    @Test
    void jitterOutOfRangeIsRefused() {
        for (double bad : new double[] {-0.1, 1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertRefused(() -> Lifetime.of(SECOND).withJitter(bad), "jitter=" + bad);
        }
        assertThat(Lifetime.of(SECOND).withJitter(0.999).jitter()).isEqualTo(0.999);
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InvalidLifetimeException.class).hasMessageContaining(message);
    }
}
