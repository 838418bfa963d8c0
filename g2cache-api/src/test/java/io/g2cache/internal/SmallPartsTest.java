package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.InvalidLifetimeException;
import io.g2cache.Lifetime;
import io.g2cache.SyncLogException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.StatsRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The engine's smallest parts. */
class SmallPartsTest {
    private final ManualTime time = new ManualTime();
    private final EncodedKey key = new KeySpace("cities", 1).key(new byte[] {1});

    @Test
    void deadlinesAreShortenedByTheJitterAndStayInOrder() {
        double[] drawn = {0.5};
        Deadlines deadlines = new Deadlines("cities", Duration.ofHours(1), () -> drawn[0]);
        Lifetime lifetime = Lifetime.of(Duration.ofSeconds(10), Duration.ofSeconds(40));
        Entry plain = deadlines.value(7, 1_000, lifetime, new byte[0]);
        assertThat(plain.softDeadline()).isEqualTo(11_000);
        assertThat(plain.hardDeadline()).isEqualTo(41_000);
        Entry shortened = deadlines.absent(7, 1_000, lifetime.withJitter(0.2));
        assertThat(shortened.softDeadline()).isEqualTo(10_000);
        assertThat(shortened.hardDeadline()).isEqualTo(37_000);
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            drawn[0] = random.nextDouble();
            Entry any = deadlines.value(7, 0, lifetime.withJitter(0.999), new byte[0]);
            assertThat(any.softDeadline()).isBetween(1L, 10_000L);
            assertThat(any.hardDeadline()).isBetween(any.softDeadline(), 40_000L);
        }
        assertThatThrownBy(() -> deadlines.require(Lifetime.hard(Duration.ofHours(2))))
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("hard=PT2H")
                .hasMessageContaining("maximumLifetime=PT1H");
    }

    @Test
    void theClockIsAheadOfEverythingSeenAndNeverGoesBack() {
        ClockSequencer clock = new ClockSequencer("n", time);
        long first = clock.stamp(0);
        assertThat(clock.append(0, new io.g2cache.spi.Event.Clear("c", "n"))
                        .join()
                        .version())
                .isGreaterThan(first);
        clock.observed(0, Long.MAX_VALUE >> 2);
        assertThat(clock.stamp(0)).isEqualTo((Long.MAX_VALUE >> 2) + 1);
        time.wallMillis(5);
        assertThat(clock.stamp(0)).isEqualTo((Long.MAX_VALUE >> 2) + 2);
        clock.observed(0, -1);
        assertThat(clock.stamp(0)).isEqualTo((Long.MAX_VALUE >> 2) + 3);
    }

    @Test
    void anAppendThatIsNotAnsweredBecomesUnknown() {
        AppendDeadlines deadlines = new AppendDeadlines(time);
        CompletableFuture<Long> log = new CompletableFuture<>();
        CompletableFuture<Long> answered = new CompletableFuture<>();
        CompletableFuture<Long> bounded = deadlines.bounded(log);
        CompletableFuture<Long> good = deadlines.bounded(answered);
        answered.complete(3L);
        assertThat(good).isCompletedWithValue(3L);
        time.advance(AppendDeadlines.TIMEOUT.minusNanos(1));
        deadlines.expire();
        assertThat(bounded).isNotDone();
        time.advance(Duration.ofNanos(1));
        deadlines.expire();
        assertThat(bounded).isCompletedExceptionally();
        assertThatThrownBy(bounded::join).hasCauseInstanceOf(SyncLogException.class);
        log.complete(4L);
        assertThat(bounded).isCompletedExceptionally();
    }

    @Test
    void workersBoundTheFlowsAndTellOfRefusals() {
        Workers workers = new Workers("n", null);
        List<Workers.Flow> entered = new ArrayList<>();
        for (Workers.Flow flow = workers.tryEnter(() -> {}); flow != null; flow = workers.tryEnter(() -> {})) {
            entered.add(flow);
        }
        assertThat(entered).hasSize(1024);
        assertThat(workers.active()).isEqualTo(1024);
        entered.get(0).end();
        entered.get(0).end();
        assertThat(workers.active()).isEqualTo(1023);
        workers.close(Duration.ofSeconds(1));
        Workers refusing = new Workers("n", task -> {
            throw new RejectedExecutionException("full");
        });
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Workers.Flow flow = Objects.requireNonNull(refusing.tryEnter(refused::incrementAndGet));
        flow.execute(ran::incrementAndGet);
        refusing.callbacks().execute(ran::incrementAndGet);
        assertThat(flow.tryExecute(ran::incrementAndGet)).isFalse();
        assertThat(ran).hasValue(2);
        assertThat(refused).hasValue(1);
        assertThat(refusing.active()).isEqualTo(1);
        flow.end();
        assertThat(refusing.active()).isZero();
    }

    @Test
    void aFlowHoldsItsPlaceUntilItsLastStepHasEnded() {
        List<Runnable> steps = new ArrayList<>();
        Workers workers = new Workers("n", steps::add);
        Workers.Flow flow = Objects.requireNonNull(workers.tryEnter(() -> {}));
        flow.execute(() -> {});
        flow.end();
        assertThat(workers.active()).isEqualTo(1);
        steps.get(0).run();
        assertThat(workers.active()).isZero();
        flow.execute(() -> {});
        steps.get(1).run();
        assertThat(workers.active()).isZero();
    }

    @Test
    void aRecorderThatThrowsAnythingBreaksNothing() {
        AtomicInteger called = new AtomicInteger();
        StatsRecorder guarded = GuardedRecorder.of(new StatsRecorder() {
            private void fail() {
                called.incrementAndGet();
                throw new AssertionError("a test");
            }

            @Override
            public void hit(Tier tier) {
                fail();
            }

            @Override
            public void miss(Tier tier) {
                fail();
            }

            @Override
            public void loadSuccess(long nanos) {
                fail();
            }

            @Override
            public void loadFailure(long nanos) {
                fail();
            }

            @Override
            public void count(Counter counter) {
                fail();
            }
        });
        guarded.hit(StatsRecorder.Tier.LOCAL);
        guarded.miss(StatsRecorder.Tier.OUT);
        guarded.loadSuccess(1);
        guarded.loadFailure(1);
        guarded.count(StatsRecorder.Counter.HEAL);
        assertThat(called).hasValue(5);
    }

    @Test
    void durationsStayWithinWhatADeadlineCanAdd() {
        assertThat(Durations.nanos(Duration.ofMillis(1))).isEqualTo(1_000_000);
        assertThat(Durations.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
        assertThat(Durations.nanos(Duration.ofSeconds(Long.MAX_VALUE)))
                .isEqualTo(Duration.ofDays(36_500).toNanos());
    }
}
