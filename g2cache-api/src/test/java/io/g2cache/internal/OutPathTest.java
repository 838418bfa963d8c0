package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a node takes from the out tier after it has missed events. */
class OutPathTest {
    private static final EncodedKey KEY = new KeySpace("cities", 1).key(new byte[] {1});

    private final ManualTime time = new ManualTime();
    private final ScriptedLog log = new ScriptedLog(1);
    private final ScriptedOut out = new ScriptedOut();
    private final CacheFloors.TagOptions tags = new CacheFloors.TagOptions(16, Duration.ofDays(1));
    private final FillFence fence = new FillFence(time, 1, 16, Duration.ofMinutes(1), true, tags);
    private final GenerationEnd generation = new GenerationEnd(log, time);
    private final OutPath path = path(OutGate.OPEN);

    private OutPath path(OutGate gate) {
        OutCache cache = out.open(new OutContext("ns", "cities", "g", Duration.ofDays(1), Runnable::run, time));
        CacheCounters stats = new CacheCounters(GuardedRecorder.of(null));
        OutFailures failures = new OutFailures(stats, new LimitedLog(LoggerFactory.getLogger(OutPathTest.class), time));
        RecentVersions filled = new RecentVersions(16, (partition, version, nanos) -> {});
        return new OutPath(
                cache,
                gate,
                fence,
                fence.floors("cities"),
                new Heals(cache, filled, (since, reason) -> {}, stats, failures),
                new LogSequencer(
                        log, new PositionTracker(LogPosition.all(1, 5)), new AppendDeadlines(time), generation),
                stats,
                failures);
    }

    private boolean isUsable(long version) {
        return isUsable(path, version, OutSlot.Source.EVENT);
    }

    private boolean isUsable(OutPath reader, long version, OutSlot.Source source) {
        Entry entry = Entry.value(version, Long.MAX_VALUE, Long.MAX_VALUE, new byte[] {1});
        OutSlot slot = OutSlot.entry(entry, source, entry);
        boolean isUsable = reader.usable(KEY, slot, RecentVersions.NONE, time.wallMillis()) != null;
        assertThat(reader.isAlive(KEY, slot, time.wallMillis()))
                .as("auditors judge what is served")
                .isEqualTo(isUsable);
        return isUsable;
    }

    private void learnFloors() {
        assertThat(path.learnFloors()).isCompleted();
    }

    @Test
    void aClearThatWasMissedIsLearntOnceItIsMaterialised() {
        learnFloors();
        fence.committed(LogPosition.all(1, 100));
        assertThat(isUsable(40)).isTrue();

        fence.missed(0, 199);
        learnFloors();
        assertThat(isUsable(40)).as("not materialised").isFalse();

        out.floors.put("cities/0", 150L);
        fence.committed(LogPosition.all(1, 200));
        assertThat(isUsable(40)).as("floors of before").isFalse();

        learnFloors();
        assertThat(isUsable(40)).as("dead by the clear that was missed").isFalse();
        assertThat(isUsable(160)).as("newer than the clear").isTrue();
        assertThat(isUsable(200)).as("newer than the gap").isTrue();
    }

    /** More keys than {@code recent} remembers. */
    private void forget(long version) {
        for (int i = 0; i < 64; i++) {
            fence.record(new KeySpace("others", 1).key(new byte[] {(byte) i}), version);
        }
    }

    @Test
    void anEarlyValueIsUsedAsLongAsEveryEventSinceIsRemembered() {
        learnFloors();
        fence.committed(LogPosition.all(1, 100));
        time.advance(Duration.ofMinutes(2));
        assertThat(isUsable(path, 40, OutSlot.Source.EARLY)).isTrue();

        forget(39);
        assertThat(isUsable(path, 40, OutSlot.Source.EARLY)).isTrue();

        forget(41);
        assertThat(isUsable(path, 40, OutSlot.Source.EARLY))
                .as("the event that killed it may be forgotten")
                .isFalse();
        assertThat(isUsable(path, 40, OutSlot.Source.LOAD)).isFalse();
        assertThat(isUsable(path, 41, OutSlot.Source.EARLY)).isTrue();
    }

    @Test
    void aNodeThatFallsBehindUsesNoEarlyValue() {
        long[] freshAsOf = {time.wallMillis()};
        OutTrust trust = new OutTrust(1, time, () -> freshAsOf[0]);
        OutPath reader = path(trust.gate(2_000, () -> CompletableFuture.completedFuture(null)));
        trust.caughtUp();
        trust.ledger(Map.of(0, new OutProgress(100, time.wallMillis() + 100, -1)));
        assertThat(reader.learnFloors()).isCompleted();
        assertThat(isUsable(reader, 40, OutSlot.Source.EARLY)).isTrue();
        assertThat(reader.trustedUntilMillis(KEY)).isEqualTo(freshAsOf[0] + 2_000);

        time.advance(Duration.ofMillis(1_001));
        assertThat(isUsable(reader, 40, OutSlot.Source.EARLY)).isFalse();
        assertThat(isUsable(reader, 40, OutSlot.Source.EVENT)).isTrue();
        assertThat(reader.trustedUntilMillis(KEY)).as("the tier is fresher").isEqualTo(freshAsOf[0] + 2_100);
    }

    /** What a read finds in the tier; the gate decides whether its value is there. */
    private OutSlot.Kind read(OutPath reader) {
        return reader.readAll(List.of(KEY)).join().get(KEY).kind();
    }

    @Test
    void aNodeThatFallsBehindUsesTheTierOnlyWithFloorsThatAreAsFresh() {
        OutTrust trust = new OutTrust(1, time, () -> Long.MIN_VALUE);
        OutPath behind = path(trust.gate(2_000, () -> CompletableFuture.completedFuture(null)));
        trust.caughtUp();
        out.entries("cities").put(KEY, Entry.value(40, Long.MAX_VALUE, Long.MAX_VALUE, new byte[] {1}));
        trust.ledger(Map.of(0, new OutProgress(100, time.wallMillis(), -1)));
        assertThat(read(behind)).as("floors not known").isNotEqualTo(OutSlot.Kind.ENTRY);

        assertThat(behind.learnFloors()).isCompleted();
        assertThat(read(behind)).isEqualTo(OutSlot.Kind.ENTRY);

        out.floors.put("cities/0", 150L);
        time.advance(Duration.ofMillis(2_001));
        trust.ledger(Map.of(0, new OutProgress(200, time.wallMillis(), -1)));
        assertThat(read(behind)).as("floors from before the clear").isNotEqualTo(OutSlot.Kind.ENTRY);

        assertThat(behind.learnFloors()).isCompleted();
        assertThat(read(behind)).isEqualTo(OutSlot.Kind.ENTRY);
        assertThat(fence.floors("cities").sharedFloor(0)).isEqualTo(150);
    }

    @Test
    void floorsOfPartitionsThatThereAreNotDoNoHarm() {
        out.floors.put("cities/7", 1L << 40);
        out.floors.put("cities/-1", 1L << 40);
        out.floors.put("cities/0", 30L);

        learnFloors();

        assertThat(isUsable(40)).isTrue();
        assertThat(fence.floors("cities").sharedFloor(0)).isEqualTo(30);
        assertThat(generation.claimed()).isEqualTo(LogPosition.all(1, 0));
    }

    @Test
    void onlyEntriesShowHowFarTheLogMustReach() {
        Entry entry = Entry.value(40, Long.MAX_VALUE, Long.MAX_VALUE, new byte[] {1});
        out.entries("cities").put(KEY, entry);

        assertThat(read(path)).isEqualTo(OutSlot.Kind.ENTRY);

        assertThat(generation.claimed()).isEqualTo(LogPosition.all(1, 41));
    }

    @Test
    void floorsAreNotAskedForAgainWithoutAGap() {
        learnFloors();
        fence.committed(LogPosition.all(1, 100));
        out.floors.put("cities/0", 150L);

        learnFloors();

        assertThat(isUsable(40)).isTrue();
    }

    @Test
    void floorsThatWereLearntBeforeTheGapWasMaterialisedAreLearntAgain() {
        fence.missed(0, 199);
        learnFloors();
        fence.committed(LogPosition.all(1, 200));
        out.floors.put("cities/0", 150L);
        assertThat(isUsable(40)).isFalse();

        learnFloors();

        assertThat(isUsable(40)).isFalse();
        assertThat(isUsable(151)).isTrue();
    }
}
