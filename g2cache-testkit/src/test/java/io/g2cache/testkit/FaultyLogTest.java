package io.g2cache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Delays are something that every log may do, so that a log with them passes the whole contract. */
class FaultyLogTest extends SyncLogContract {
    private final MemoryLog.Broker broker = new MemoryLog.Broker(4);
    private final Faults<LogFault> faults = new Faults<>(1);
    private final FaultyLog faulty = new FaultyLog(new MemoryLog(broker), faults);
    private final SyncLog log = faulty.open(new LogContext(
            "faults", "node-a", Duration.ofHours(1), Duration.ofSeconds(10), 1 << 20, TimeSource.SYSTEM));
    private final List<Long> handed = new ArrayList<>();
    private long position;
    private final LogHandler handler = new LogHandler() {
        @Override
        public void onEvent(int partition, long offset, Event event) {
            handed.add(offset);
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            throw new AssertionError("gap in partition=" + partition + ": " + reason);
        }

        @Override
        public void onPosition(int partition, long next) {
            position = partition == 0 ? next : position;
        }
    };

    @Override
    protected SyncLogProvider provider() {
        return new FaultyLog(new MemoryLog(broker), new Faults<LogFault>(2).rate(LogFault.DELAY, 0.2));
    }

    private Outcome appendFails() {
        CompletableFuture<Long> append = log.append(0, new Event.Probe("node-a"));
        assertThat(append).isCompletedExceptionally();
        SyncLogException failure =
                (SyncLogException) catchThrowable(append::get).getCause();
        return failure.outcome();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            Race.await(log.append(0, new Event.Probe("node-a")));
        }
    }

    private long written() {
        return Race.await(log.endOffsets()).offset(0);
    }

    private LogReader tail() {
        return log.tail(LogPosition.all(4, 0));
    }

    @Test
    void aFailedAppendWritesNothing() {
        faults.next(LogFault.APPEND_FAILED);
        assertThat(appendFails()).isEqualTo(Outcome.FAILED);
        assertThat(written()).isZero();
        append(1);
        assertThat(written()).isEqualTo(1);
        assertThat(faults.struck(LogFault.APPEND_FAILED)).isEqualTo(1);
    }

    @Test
    void anUnknownAppendIsLostOrWrittenOrLate() {
        faults.next(LogFault.APPEND_UNKNOWN_LOST);
        assertThat(appendFails()).isEqualTo(Outcome.UNKNOWN);
        assertThat(written()).isZero();
        faults.next(LogFault.APPEND_UNKNOWN_WRITTEN);
        assertThat(appendFails()).isEqualTo(Outcome.UNKNOWN);
        assertThat(written()).isEqualTo(1);
        faults.next(LogFault.APPEND_UNKNOWN_LATE);
        assertThat(appendFails()).isEqualTo(Outcome.UNKNOWN);
        assertThat(written()).isEqualTo(1);
        assertThat(faulty.releaseLate()).hasSize(1);
        assertThat(faulty.releaseLate()).isEmpty();
        assertThat(written()).isEqualTo(2);
    }

    @Test
    void aTailIsHeldBackByTheNumberGiven() {
        append(10);
        faulty.holdBackTail(3);
        LogReader tail = tail();
        assertThat(tail.poll(Duration.ZERO, handler)).isEqualTo(7);
        assertThat(tail.poll(Duration.ZERO, handler)).isZero();
        assertThat(handed).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        faulty.holdBackTail(1);
        assertThat(tail.poll(Duration.ZERO, handler)).isEqualTo(2);
        faulty.holdBackTail(0);
        assertThat(tail.poll(Duration.ZERO, handler)).isEqualTo(1);
        assertThat(position).isEqualTo(10);
    }

    @Test
    void aMaterialiserThatIsHeldBackCommitsOnlyWhatItHandedOver() {
        append(10);
        faulty.holdBackMaterialiser(4);
        LogReader materialiser = log.materialiser();
        assertThat(materialiser.poll(Duration.ZERO, handler)).isEqualTo(6);
        materialiser.commit();
        assertThat(Race.await(log.committed()).offset(0)).isEqualTo(6);
    }

    @Test
    void repeatedEventsComeInOrderAndNoneIsMissing() {
        append(200);
        faults.rate(LogFault.REPEAT, 0.3).rate(LogFault.DELAY, 0.1);
        LogReader tail = tail();
        SeenEvents.until(() -> position == 200, () -> tail.poll(Duration.ZERO, handler));
        assertThat(new TreeSet<>(handed)).hasSize(200);
        assertThat(handed.size()).isGreaterThan(250);
        long highest = -1;
        for (int i = 0; i < handed.size(); i++) {
            // the next one, or back to an event seen already
            assertThat(handed.get(i)).as("index %d", i).isLessThanOrEqualTo(highest + 1);
            highest = Math.max(highest, handed.get(i));
        }
    }

    @Test
    void aCommitFailsOnceAndThenWorks() {
        append(3);
        LogReader materialiser = log.materialiser();
        materialiser.poll(Duration.ZERO, handler);
        faults.next(LogFault.COMMIT_FAILED);
        assertThatThrownBy(materialiser::commit).isInstanceOf(SyncLogException.class);
        assertThat(Race.await(log.committed()).offset(0)).isZero();
        materialiser.commit();
        assertThat(Race.await(log.committed()).offset(0)).isEqualTo(3);
    }

    @Test
    void theSameSeedGivesTheSameFaultsAndHealingEndsThem() {
        assertThat(pattern(5)).isEqualTo(pattern(5)).contains("x", ".").isNotEqualTo(pattern(6));
        faults.rate(LogFault.APPEND_FAILED, 1).next(LogFault.APPEND_UNKNOWN_LOST);
        faults.heal();
        append(5);
        assertThatThrownBy(() -> faults.rate(LogFault.DELAY, 1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate=1.1");
    }

    private static String pattern(long seed) {
        Faults<LogFault> random = new Faults<LogFault>(seed).rate(LogFault.DELAY, 0.5);
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            pattern.append(random.strikes(LogFault.DELAY) ? 'x' : '.');
        }
        return pattern.toString();
    }
}
