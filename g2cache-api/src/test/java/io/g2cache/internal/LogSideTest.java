package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What follows from the log's answers about its end. */
class LogSideTest {
    private static final int ANSWERS = 4;

    private final ManualTime time = new ManualTime();
    private final ScriptedLog log = new ScriptedLog(2);
    private final PositionTracker positions = new PositionTracker(LogPosition.of(new long[] {5, 0}));
    private final Freshness freshness = new Freshness(time, Duration.ofSeconds(60));
    private final GenerationEnd generation = new GenerationEnd(log, time);
    private final LogSide side = new LogSide(log, positions, freshness, generation, new AppendDeadlines(time), time);

    private static LogPosition at(long first, long second) {
        return LogPosition.of(new long[] {first, second});
    }

    @Test
    void anEndBeforeWhatWasAppliedProvesNoFreshness() {
        log.add(0, 3, new Event.Probe("other"));
        side.tick();
        assertThat(freshness.asOfMillis()).isEqualTo(Long.MIN_VALUE);
        assertThat(generation.isContradicted()).isTrue();

        log.add(0, 4, new Event.Probe("other"));
        side.tick();
        assertThat(freshness.asOfMillis()).isEqualTo(time.wallMillis());
        assertThat(generation.isContradicted()).isFalse();
    }

    @Test
    void contradictionsOfOnePartitionInARowAreEvidence() {
        for (int i = 0; i < ANSWERS; i++) {
            assertThat(log.announced).isEmpty();
            assertThat(generation.requireReaches(at(4, 9), at(5, 9), at(0, 0))).isFalse();
        }
        assertThat(log.announced).singleElement().asString().contains("partition=0");
    }

    @Test
    void contradictionsOfOneNowAndOfAnotherThenAreNone() {
        for (int i = 0; i < 3 * ANSWERS; i++) {
            LogPosition end = i % 2 == 0 ? at(4, 9) : at(5, 8);
            assertThat(generation.requireReaches(end, at(5, 9), at(0, 0))).isFalse();
        }
        assertThat(log.announced).isEmpty();
    }

    @Test
    void aVersionInATierBeyondTheEndIsEvidence() {
        generation.claimed(1, 20);
        for (int i = 0; i < ANSWERS; i++) {
            assertThat(generation.requireReaches(at(5, 20), at(5, 9), generation.claimed()))
                    .isFalse();
        }
        assertThat(log.announced).singleElement().asString().contains("partition=1", "version in a tier is 20");
    }
}
