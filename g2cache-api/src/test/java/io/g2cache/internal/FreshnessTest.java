package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private final ManualTime time = new ManualTime();
    private final Freshness freshness = new Freshness(time, Duration.ofSeconds(60));

    private ServingGate gate(Duration maxStaleness) {
        ServingGate gate = new ServingGate(maxStaleness);
        freshness.add(gate);
        return gate;
    }

    @Test
    void proofsAreWantedAtOnceUntilThereIsOne() {
        assertThat(freshness.pauseMillis()).isZero();

        freshness.proven(Moment.now(time));

        assertThat(freshness.pauseMillis()).isEqualTo(3_000);
    }

    @Test
    void theStrictestCacheSetsThePace() {
        freshness.proven(Moment.now(time));
        gate(Duration.ofSeconds(2)).follow();
        gate(Duration.ofDays(1)).follow();

        assertThat(freshness.pauseMillis()).isEqualTo(200);
    }

    @Test
    void aCacheThatIsBehindAndALateProofAllowNoPause() {
        freshness.proven(Moment.now(time));
        ServingGate gate = gate(Duration.ofSeconds(10));
        assertThat(freshness.pauseMillis()).isZero();
        gate.follow();
        assertThat(freshness.pauseMillis()).isEqualTo(1_000);

        time.advance(Duration.ofMillis(2_001));

        assertThat(freshness.pauseMillis()).isZero();
    }
}
