package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.GenerationEndedException;
import io.g2cache.WriteToken;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Waiting for a write whose generation of the log ends. */
class TokensTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final WriteToken TOKEN = WriteToken.of("g", Map.of(0, 5L));

    private final ScriptedLog log = new ScriptedLog(1);
    private final PositionTracker positions = new PositionTracker(LogPosition.all(1, 0));
    private final GenerationEnd generation = new GenerationEnd(log, new ManualTime());
    private final Lifecycle lifecycle = new Lifecycle("n");

    /** Time that is asked for when the wait begins. */
    private final class Moments implements TimeSource {
        private final Runnable atWait;

        Moments(Runnable atWait) {
            this.atWait = atWait;
        }

        @Override
        public long wallMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            if (positions.waiting() > 0) {
                atWait.run();
            }
            return 0;
        }
    }

    private Tokens tokens(Runnable atWait) {
        TimeSource time = new Moments(atWait);
        AppendDeadlines deadlines = new AppendDeadlines(time);
        Sequencer sequencer = new LogSequencer(log, positions, deadlines, generation);
        return new Tokens("n", sequencer, positions, generation, lifecycle, time);
    }

    private void end() {
        generation.inspect(new GenerationEndedException("a test"));
    }

    private static void assertAnothersGeneration(Tokens tokens) {
        assertThatThrownBy(() -> tokens.await(TOKEN, TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generation='g'")
                .hasMessageContaining("ended");
    }

    @Test
    void aWaitEndsWithItsGeneration() {
        assertAnothersGeneration(tokens(this::end));
        positions.advance(0, 1);
        assertThat(positions.waiting()).isZero();
        lifecycle.close();
        assertThat(lifecycle.awaitIdle(Duration.ZERO)).isZero();
    }

    @Test
    void aTokenOfAGenerationThatHasEndedIsNotWaitedFor() {
        Tokens tokens = tokens(() -> {});
        end();
        assertAnothersGeneration(tokens);
        positions.advance(0, 6);
        assertAnothersGeneration(tokens);
    }

    @Test
    void aWriteThatArrivesEndsTheWait() {
        tokens(() -> positions.advance(0, 6)).await(TOKEN, TIMEOUT);
        assertThat(positions.waiting()).isZero();
        assertThat(generation.ended().getNumberOfDependents()).isZero();
    }
}
