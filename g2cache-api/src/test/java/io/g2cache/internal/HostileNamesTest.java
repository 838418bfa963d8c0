package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A log into which somebody writes events of ever more caches: what is remembered of them is bounded. */
class HostileNamesTest {
    private static final int NAMES = FloorsByCache.MOST_NOT_OPEN + 2_000;

    private final ManualTime time = new ManualTime();
    private final ScriptedLog log = new ScriptedLog(1);
    private final ScriptedOut out = new ScriptedOut();
    private final OutTiers tiers =
            new OutTiers(out, cache -> new OutContext("ns", cache, "g", Duration.ofDays(1), Runnable::run, time));
    private final FillFence fence =
            new FillFence(time, 1, 16, Duration.ofMinutes(1), false, new CacheFloors.TagOptions(1, Duration.ofDays(1)));

    private static EncodedKey key(String cache) {
        return new KeySpace(cache, 1).key("k".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theOutTierIsToldOfAFixedNumberOfCachesAndOfOneFloorForAllOthers() {
        var unused = tiers.openLedger((since, reason) -> {});
        OutBatch batch = new OutBatch(tiers);
        LimitedLog failures = new LimitedLog(LoggerFactory.getLogger(getClass()), time);
        OutEvents events = new OutEvents(1, batch, failures);
        for (int i = 0; i < FloorsByCache.MOST_NOT_OPEN; i++) {
            events.onEvent(0, i, new Event.Invalidate("c" + i, key("c" + i).bytes(), "n"));
        }
        assertThat(events.countByCache()).hasSize(FloorsByCache.MOST_NOT_OPEN);
        events.clear();
        for (int i = FloorsByCache.MOST_NOT_OPEN; i < FloorsByCache.MOST_NOT_OPEN + 1_000; i++) {
            events.onEvent(0, i, new Event.Invalidate("c" + i, key("c" + i).bytes(), "n"));
            events.onEvent(0, i, new Event.Clear("d" + i, "n"));
            events.onEvent(0, i, new Event.Tag("e" + i, "t", "n"));
        }
        assertThat(events.countByCache()).isEmpty();
        assertThat(events.count()).isEqualTo(3_000);
        events.onEvent(0, 9_000, new Event.Invalidate("c7", key("c7").bytes(), "n"));
        while (!batch.isEmpty()) {
            batch.apply(Duration.ZERO);
        }
        assertThat(out.entries).hasSize(FloorsByCache.MOST_NOT_OPEN);
        assertThat(out.entries("c7").get(key("c7")).version()).isEqualTo(9_000);
        assertThat(out.floors).isEqualTo(Map.of("/0", FloorsByCache.MOST_NOT_OPEN + 999L));
    }

    @Test
    void aRedoKeepsFloorsOfAFixedNumberOfCachesAndABoundForAllOthers() {
        CacheFloors open = fence.floors("open");
        LocalRedo redo = new LocalRedo(log, fence, Map.of(), time);
        for (int i = 0; i < NAMES; i++) {
            redo.onEvent(0, i, new Event.Clear("c" + i, "n"));
            redo.onEvent(0, i, new Event.Invalidate("d" + i, new byte[] {1}, "n"));
        }
        assertThat(fence.notOpen()).isEqualTo(FloorsByCache.MOST_NOT_OPEN);
        assertThat(open.floor(0)).isEqualTo(RecentVersions.NONE);
        CacheFloors forgotten = fence.floors("c0");
        assertThat(forgotten.floor(0)).isEqualTo(NAMES - FloorsByCache.MOST_NOT_OPEN - 1);
        assertThat(fence.admission(forgotten).admits(key("c0"), forgotten.floor(0) - 1))
                .isFalse();
        assertThat(fence.admission(forgotten).admits(key("c0"), forgotten.floor(0)))
                .isTrue();
    }
}
