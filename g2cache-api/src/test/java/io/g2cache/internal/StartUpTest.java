package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CatchUp;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The way to the log's end, of a node that is waited for and of one that is not. */
class StartUpTest {
    private final ManualTime time = new ManualTime();
    private final List<CompletableFuture<Long>> probes = new ArrayList<>();
    private final ScriptedLog log = new ScriptedLog(1) {
        @Override
        public CompletableFuture<Long> append(int partition, Event event) {
            CompletableFuture<Long> probe = new CompletableFuture<>();
            probes.add(probe);
            return probe;
        }
    };
    private final List<CatchUp> reports = new ArrayList<>();
    private final AtomicInteger ready = new AtomicInteger();
    private Runnable atReport = () -> {};
    private final PositionTracker positions = new PositionTracker(LogPosition.all(1, 0));
    private final EventApplier applier = applier();
    private final StartUp startUp = new StartUp(
            log,
            positions,
            applier,
            new Freshness(time, Duration.ofMinutes(1)),
            new GenerationEnd(log, time),
            Moment.now(time),
            LogPosition.all(1, 10),
            "n",
            time,
            report -> {
                reports.add(report);
                atReport.run();
            });

    private EventApplier applier() {
        CacheFloors.TagOptions tags = new CacheFloors.TagOptions(16, Duration.ofDays(1));
        FillFence fence = new FillFence(time, 1, 16, Duration.ofMinutes(1), false, tags);
        return new EventApplier("n", fence, positions, 1, Map.of(), null, time);
    }

    private void begin() {
        startUp.begin(ready::incrementAndGet);
    }

    private void tick() {
        startUp.tick(ready::incrementAndGet);
    }

    private void refuse() {
        probes.get(probes.size() - 1).completeExceptionally(new SyncLogException(Outcome.FAILED, "a test"));
    }

    @Test
    void whileItIsAwaitedTheHousekeeperNeitherReportsNorBeginsAgain() {
        begin();
        atReport = () -> {
            tick();
            refuse();
            tick();
        };
        assertThatThrownBy(() -> startUp.await(Duration.ofMillis(1)))
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("a test");
        assertThat(reports).hasSize(1);
        assertThat(probes).hasSize(1);
    }

    @Test
    void afterwardsTheHousekeeperDoesBoth() {
        begin();
        assertThatThrownBy(() -> startUp.await(Duration.ofMillis(1)))
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("not replayed");
        tick();
        assertThat(reports).hasSize(2);
        assertThat(probes).hasSize(1);
        refuse();
        tick();
        assertThat(probes).hasSize(2);
        probes.get(1).complete(10L);
        applier.onEvent(0, 10, new Event.Probe("n"));
        applier.onPosition(0, 11);
        assertThat(ready).hasValue(1);
        assertThat(startUp.isDone()).isTrue();
        tick();
        tick();
        assertThat(reports).hasSize(4);
        assertThat(reports.get(3).eventsToDo()).isZero();
    }
}
