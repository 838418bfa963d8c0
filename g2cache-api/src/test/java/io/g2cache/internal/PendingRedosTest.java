package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How far a local tier is while redos are not applied to it. */
class PendingRedosTest {
    private final ManualTime time = new ManualTime();
    private final ScriptedLog log = new ScriptedLog(2);
    private final FillFence fence =
            new FillFence(time, 2, 16, Duration.ofMinutes(1), true, new CacheFloors.TagOptions(16, Duration.ofDays(1)));
    private final LocalRedo redos = new LocalRedo(log, fence, Map.of(), time);
    private final LogPosition position = LogPosition.of(new long[] {50, 60});

    @Test
    void isNoFurtherThanTheOldestRedoThatWaits() {
        log.add(0, 3, new Event.Clear("cities", "other"));
        redos.add(0, 40, 3, 4);
        redos.add(0, 45, 3, 4);
        redos.add(1, 70, 0, 1);

        assertThat(redos.applied(position)).isEqualTo(LogPosition.of(new long[] {40, 60}));
        redos.step();
        assertThat(redos.applied(position)).isEqualTo(LogPosition.of(new long[] {45, 60}));
        redos.step();
        assertThat(redos.applied(position)).isEqualTo(position);
        assertThat(fence.floors("cities").floor(0)).isEqualTo(3);
    }

    @Test
    void isRememberedWhenTheNodeEnds() {
        redos.add(0, 40, 3, 4);
        redos.close();

        assertThat(redos.applied(position)).isEqualTo(LogPosition.of(new long[] {40, 60}));
    }
}
