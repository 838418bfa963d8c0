package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How the materialiser drives an out tier whose calls end when the test says so. */
class MaterialiserTest {
    private static final int PARTITIONS = 2;
    private static final KeySpace CITIES = new KeySpace("cities", PARTITIONS);

    private final ManualTime time = new ManualTime();
    private final ScriptedLog log = new ScriptedLog(PARTITIONS);
    private final ScriptedOut out = new ScriptedOut();
    private final OutTiers tiers = new OutTiers(
            out, cache -> new OutContext("ns", cache, "generation", Duration.ofDays(1), Runnable::run, time));
    private Materialiser materialiser = materialiser();

    private Materialiser materialiser() {
        FillFence fence = fence();
        LocalRedo localRedo = new LocalRedo(log, fence, Map.of(), time);
        return new Materialiser(log, tiers, tiers.openLedger((since, reason) -> {}), localRedo, Map.of(), time);
    }

    private FillFence fence() {
        CacheFloors.TagOptions tags = new CacheFloors.TagOptions(16, Duration.ofDays(1));
        return new FillFence(time, PARTITIONS, 16, Duration.ofMinutes(1), true, tags);
    }

    private static EncodedKey key(long number) {
        return CITIES.key(("k" + number).getBytes(StandardCharsets.UTF_8));
    }

    private static Event invalidation(long number) {
        return new Event.Invalidate("cities", key(number).bytes(), "other");
    }

    private static Event put(long number) {
        return new Event.Put("cities", key(number).bytes(), "other", Entry.value(0, 1, 2, new byte[1]));
    }

    /** The invalidation of the key with this number, at the offset with this number. */
    private void invalidate(long offset) {
        log.add(key(offset).partition(), offset, invalidation(offset));
    }

    private void invalidate(int from, int to) {
        for (int i = from; i < to; i++) {
            invalidate(i);
        }
    }

    private int step() {
        return materialiser.doWork(Duration.ZERO);
    }

    private void run() {
        for (int quiet = 0; quiet < 3; ) {
            quiet = step() == 0 ? quiet + 1 : 0;
        }
    }

    private void later() {
        time.advance(OutPublisher.INTERVAL);
        run();
    }

    private long end(int partition) {
        return log.endOffsets().join().offset(partition);
    }

    private void assertMaterialised(long from, long to) {
        for (long i = from; i < to; i++) {
            assertThat(out.entries("cities")).containsEntry(key(i), Entry.tombstone(i));
        }
    }

    @Test
    void confirmsWhatWritersHaveStoredEarlyAndNothingElse() {
        Entry mine = Entry.value(1, 1, 2, new byte[1]);
        out.entries("cities").put(key(1), mine);
        out.sources.put(key(1), Source.EARLY);
        out.entries("cities").put(key(2), Entry.value(7, 1, 2, new byte[1]));
        out.sources.put(key(2), Source.EARLY);
        out.entries("cities").put(key(3), Entry.value(3, 1, 2, new byte[1]));
        out.sources.put(key(3), Source.LOAD);
        log.add(key(1).partition(), 1, put(1));
        log.add(key(2).partition(), 2, put(2));
        log.add(key(3).partition(), 3, put(3));
        run();
        assertThat(out.entries("cities")).containsEntry(key(1), mine);
        assertThat(out.sources).containsOnlyKeys(key(2), key(3));
        assertThat(out.count("apply")).isZero();
        assertThat(out.count("confirm")).isEqualTo(1);
    }

    @Test
    void confirmsWhatAWriterHasStoredEarlyAfterTheTierWasRead() {
        Entry mine = Entry.value(1, 1, 2, new byte[1]);
        out.overtaking.put(key(1), mine);
        log.add(key(1).partition(), 1, put(1));
        run();
        assertThat(out.entries("cities")).containsEntry(key(1), mine);
        assertThat(out.sources).doesNotContainKey(key(1));
        assertThat(out.count("confirm")).isEqualTo(1);
    }

    @Test
    void confirmsTheEarlyValueOfAPutThatIsPublishedAsAnInvalidation() {
        out.entries("cities").put(key(1), Entry.value(1, 1, 2, new byte[1]));
        out.sources.put(key(1), Source.EARLY);
        invalidate(1);
        run();
        assertThat(out.sources).isEmpty();
        assertThat(out.entries("cities").get(key(1)).isTombstone()).isFalse();
    }

    @Test
    void letsItsDriverPauseAfterFewEventsAndGoOnAtOnceAfterMany() {
        invalidate(0, Materialiser.MANY_EVENTS - 1);
        assertThat(step()).isZero();
        assertThat(log.commits).isEqualTo(1);
        assertMaterialised(0, Materialiser.MANY_EVENTS - 1);

        invalidate(Materialiser.MANY_EVENTS - 1, 2 * Materialiser.MANY_EVENTS);
        assertThat(step()).isGreaterThan(Materialiser.MANY_EVENTS);
        assertThat(log.commits).isEqualTo(2);
        assertMaterialised(0, 2 * Materialiser.MANY_EVENTS);
    }

    @Test
    void atMost64CallsAreUnderWayAndTheCommitWaitsForAll() {
        out.answersLater = true;
        invalidate(0, 200);
        step();
        assertThat(out.calls).extracting(ScriptedOut.Call::what).containsExactly("read cities 200");
        out.endAll();
        for (int ended = 0; ended < 200; ended++) {
            step();
            assertThat(out.calls).hasSize(Math.min(64, 200 - ended));
            assertThat(log.commits).isZero();
            assertThat(log.group.polls).isEqualTo(1);
            out.calls.remove().end();
        }
        step();
        assertThat(log.commits).isEqualTo(1);
        assertThat(out.count("apply")).isEqualTo(200);
    }

    @Test
    void whatTheTierHasCostsOneBulkReadAndNoWrite() {
        for (long i = 0; i < 1_000; i++) {
            invalidate(i);
            out.entries("cities").put(key(i), i % 10 == 0 ? Entry.tombstone(i - 1) : Entry.tombstone(i));
        }
        run();
        assertThat(log.commits).isEqualTo(1);
        assertThat(out.count("read")).isEqualTo(2);
        assertThat(out.count("apply")).isEqualTo(100);
        assertMaterialised(0, 1_000);
    }

    @Test
    void onlyTheNewestEventOfAKeyIsApplied() {
        int partition = key(1).partition();
        for (int offset = 0; offset < 50; offset++) {
            log.add(partition, offset, invalidation(1));
        }
        run();
        assertThat(out.started).contains("read cities 1", "apply cities@49");
        assertThat(out.count("apply")).isEqualTo(1);
    }

    @Test
    void onlyWhatFailedIsRepeated() {
        out.answersLater = true;
        invalidate(0, 3);
        step();
        out.endAll();
        step();
        ScriptedOut.Call<?> failing = out.calls.remove();
        failing.future().completeExceptionally(new TierException("a test"));
        out.endAll();
        assertThatThrownBy(this::step).isInstanceOf(TierException.class).hasMessageContaining("failures=1");
        assertThat(log.commits).isZero();
        step();
        assertThat(out.calls).extracting(ScriptedOut.Call::what).containsExactly(failing.what());
        out.endAll();
        step();
        assertThat(log.commits).isEqualTo(1);
        assertThat(out.count("apply")).isEqualTo(4);
    }

    @Test
    void nothingMoreIsReadWhileTheTierIsAwayAndAllOfItAfterwards() {
        out.fails = true;
        invalidate(0, 10);
        for (int cycle = 0; cycle < 100; cycle++) {
            assertThatThrownBy(this::step).isInstanceOf(TierException.class);
            invalidate(10 + cycle);
        }
        assertThat(log.group.polls).isEqualTo(1);
        assertThat(log.commits).isZero();
        out.fails = false;
        run();
        assertMaterialised(0, 110);
        assertThat(log.committed).isEqualTo(Map.of(0, end(0), 1, end(1)));
    }

    @Test
    void aKeyInTheWrongPartitionKillsThePartitionsOlderEntries() {
        int wrong = 1 - key(1).partition();
        log.add(wrong, 9, invalidation(1));
        run();
        assertThat(out.floors).containsExactly(Map.entry("/" + wrong, 9L));
    }

    @Test
    void aGapRaisesTheFloorOfAllCachesBeforeTheCommitAndForGood() {
        out.answersLater = true;
        log.add(0, 5, new Event.Unreadable(null, null, "a test"));
        log.add(1, 7, new Event.Unreadable(null, null, "a test"));
        step();
        assertThat(log.commits).isZero();
        out.endAll();
        out.answersLater = false;
        run();
        assertThat(log.commits).isEqualTo(1);
        assertThat(out.floors).isEqualTo(Map.of("/0", 5L, "/1", 7L));
    }

    @Test
    void aGapBelowTheLogsStartIsAFloorToo() {
        materialiser.onGap(1, 30, "a test");
        run();
        assertThat(out.floors).isEqualTo(Map.of("/1", 29L));
        assertThat(log.commits).isEqualTo(1);
    }

    @Test
    void aClearRaisesTheFloorOfItsCache() {
        log.add(1, 4, new Event.Clear("cities", "other"));
        run();
        assertThat(out.floors).isEqualTo(Map.of("cities/1", 4L));
    }

    @Test
    void progressIsPublishedWithTheMomentBeforeTheEndWasAsked() {
        invalidate(0, 20);
        run();
        long asked = time.wallMillis();
        assertThat(out.progress).isEqualTo(Map.of(0, published(0, asked), 1, published(1, asked)));
        later();
        assertThat(out.progress.get(0)).isEqualTo(published(0, time.wallMillis()));
        long proven = time.wallMillis();
        out.answersLater = true;
        invalidate(20, 40);
        step();
        time.advance(OutPublisher.INTERVAL);
        step();
        assertThat(out.progress.values())
                .extracting(OutProgress::freshAsOfMillis)
                .containsOnly(proven);
    }

    @Test
    void anEndBeforeWhatWasMaterialisedProvesNothing() {
        invalidate(0, 20);
        run();
        long proven = time.wallMillis();
        log.events.values().forEach(Map::clear);
        later();
        later();
        assertThat(out.progress.values())
                .extracting(OutProgress::freshAsOfMillis)
                .containsOnly(proven);
    }

    private OutProgress published(int partition, long freshAsOf) {
        return new OutProgress(end(partition), freshAsOf, -1);
    }

    @Test
    void whatAnotherNodeHasReadMeanwhileIsAppliedAgainWhereTheTierDoesNotAccountForIt() {
        int partition = key(1).partition();
        invalidate(0, 50);
        run();
        later();
        long accounted = end(partition);
        invalidate(50, 100);
        log.group.positions.put(1 - partition, end(1 - partition));
        log.group.reassign(partition, end(partition));
        run();
        later();
        assertThat(out.progress.get(partition)).isEqualTo(published(partition, time.wallMillis()));
        for (long i = accounted; i < 100; i++) {
            if (key(i).partition() == partition) {
                assertThat(out.entries("cities")).containsEntry(key(i), Entry.tombstone(i));
            }
        }
    }

    @Test
    void aFullTierIsNotAskedForProgressMoreThanTwiceASecond() {
        run();
        out.started.clear();
        for (int cycle = 0; cycle < 1_000; cycle++) {
            time.advance(Duration.ofMillis(5));
            step();
        }
        assertThat(out.count("publish")).isLessThanOrEqualTo(PARTITIONS * 11L);
        assertThat(out.count("progress")).isZero();
    }

    @Test
    void aSuccessorAppliesAgainWhatTheTierDoesNotAccountFor() {
        invalidate(0, 100);
        run();
        out.progress.replaceAll((partition, progress) -> new OutProgress(40, 0, -1));
        out.entries("cities")
                .keySet()
                .removeIf(key -> out.entries("cities").get(key).version() >= 40);
        materialiser = materialiser();
        run();
        later();
        assertMaterialised(0, 100);
        assertThat(out.progress)
                .isEqualTo(Map.of(0, published(0, time.wallMillis()), 1, published(1, time.wallMillis())));
        assertThat(log.rangesOpen).isZero();
    }

    @Test
    void aTierThatFellBackIsNotToldOfProgressBeforeTheDifferenceIsApplied() {
        invalidate(0, 50);
        run();
        later();
        Map<Integer, OutProgress> before = new TreeMap<>(out.progress);
        Map<EncodedKey, Entry> entries = Map.copyOf(out.entries("cities"));
        invalidate(50, 100);
        run();
        later();
        out.progress.putAll(before);
        out.entries("cities").clear();
        out.entries("cities").putAll(entries);
        out.answersLater = true;
        invalidate(100, 101);
        for (int cycle = 0; cycle < 50; cycle++) {
            time.advance(OutPublisher.INTERVAL);
            step();
            out.endAll();
            boolean caughtUp = out.progress.get(0).committed() == end(0)
                    && out.progress.get(1).committed() == end(1);
            if (caughtUp) {
                assertMaterialised(0, 101);
                return;
            }
            if (!out.entries("cities").containsKey(key(60))) {
                assertThat(out.progress.get(key(60).partition()).committed()).isLessThanOrEqualTo(50);
            }
        }
        throw new AssertionError("never caught up: " + out.progress);
    }

    @Test
    void anEmptyTierIsLeftEmptyAndOneThatLostALedgerRecordIsNot() {
        invalidate(0, 50);
        run();
        out.progress.clear();
        out.entries("cities").clear();
        materialiser = materialiser();
        later();
        assertThat(out.entries("cities")).isEmpty();
        assertThat(out.progress).hasSize(2);
        out.progress.remove(key(7).partition());
        materialiser = materialiser();
        later();
        assertThat(out.entries("cities")).containsEntry(key(7), Entry.tombstone(7));
    }

    @Test
    void afterADoubtNothingIsPublishedBeforeWhatCameSinceTheLastProgressIsAppliedAgain() {
        invalidate(0, 10);
        run();
        later();
        invalidate(10, 20);
        step();
        out.entries("cities").clear();
        materialiser.doubt();
        later();
        assertMaterialised(10, 20);
        assertThat(out.entries("cities")).doesNotContainKey(key(3));
    }

    @Test
    void aRedoIsAppliedBeforeThePartitionGoesOn() {
        int partition = key(1).partition();
        invalidate(0, 30);
        run();
        out.entries("cities").replaceAll((key, entry) -> Entry.tombstone(-1));
        log.add(partition, 40, new Event.Redo(5, 25, "other"));
        log.add(partition, 41, invalidation(1));
        out.answersLater = true;
        step();
        step();
        out.endAll();
        step();
        assertThat(log.committed.get(partition)).isLessThanOrEqualTo(40);
        out.answersLater = false;
        out.endAll();
        run();
        later();
        for (long i = 5; i < 25; i++) {
            if (key(i).partition() == partition) {
                assertThat(out.entries("cities")).containsEntry(key(i), Entry.tombstone(i));
            }
        }
        assertThat(log.committed.get(partition)).isEqualTo(42);
        assertThat(out.progress.get(partition)).isEqualTo(published(partition, time.wallMillis()));
        assertThat(log.rangesOpen).isZero();
    }

    @Test
    void aRedoAppliesWhatCameBetweenItsRangeAndItselfToo() {
        int partition = key(1).partition();
        log.add(partition, 1, put(1));
        log.add(partition, 30, invalidation(1));
        run();
        out.entries("cities").clear();
        log.add(partition, 40, new Event.Redo(0, 25, "other"));
        run();
        assertThat(out.entries("cities")).containsEntry(key(1), Entry.tombstone(30));
    }

    @Test
    void aPartitionWaitsUntilWhatTheTierLacksIsAppliedAgain() {
        int partition = key(1).partition();
        log.add(partition, 1, put(1));
        log.add(1 - partition, 1, invalidation(1_000));
        run();
        later();
        out.progress.remove(partition);
        out.started.clear();
        materialiser = materialiser();
        out.answersLater = true;
        for (int cycle = 0; log.rangesOpen == 0 && cycle < 10; cycle++) {
            out.endAll();
            time.advance(OutPublisher.INTERVAL);
            out.entries("cities").clear();
            step();
        }
        assertThat(log.rangesOpen).isEqualTo(1);
        log.add(partition, 2, invalidation(1));
        step();
        out.answersLater = false;
        out.endAll();
        run();
        assertThat(out.started)
                .filteredOn(call -> call.startsWith("apply"))
                .containsExactly("apply cities@1", "apply cities@2");
    }

    @Test
    void whatAnEarlierRedoHasMendedIsAppliedAgainInTheLogsOrder() {
        int partition = key(1).partition();
        log.add(partition, 1, put(1));
        log.add(partition, 20, invalidation(1));
        log.add(partition, 30, new Event.Redo(0, 15, "other"));
        run();
        later();
        out.progress.computeIfPresent(partition, (p, told) -> new OutProgress(5, told.freshAsOfMillis(), -1));
        out.started.clear();
        materialiser = materialiser();
        for (int cycle = 0; cycle < 20; cycle++) {
            time.advance(OutPublisher.INTERVAL);
            out.entries("cities").clear();
            step();
        }
        assertThat(out.started)
                .filteredOn(call -> call.startsWith("apply"))
                .containsExactly("apply cities@20", "apply cities@20");
    }

    @Test
    void aMaterialiserThatDiesInARedoLeavesItToItsSuccessor() {
        int partition = key(1).partition();
        invalidate(0, 30);
        log.add(partition, 40, new Event.Redo(0, 30, "other"));
        out.answersLater = true;
        for (int cycle = 0; cycle < 3; cycle++) {
            step();
            out.endAll();
        }
        run();
        out.calls.clear();
        assertThat(log.committed.getOrDefault(partition, 0L)).isLessThanOrEqualTo(40);
        log.group.positions.putAll(log.committed);
        out.answersLater = false;
        out.entries("cities").clear();
        materialiser = materialiser();
        run();
        assertThat(out.entries("cities")).containsEntry(key(1), Entry.tombstone(1));
        assertThat(log.committed).containsEntry(partition, 41L);
    }

    @Test
    void aPartitionThatIsTakenAwayEndsItsRedo() {
        int partition = key(1).partition();
        invalidate(0, 30);
        run();
        log.add(partition, 40, new Event.Redo(0, 30, "other"));
        log.add(1 - partition, 40, invalidation(1_000));
        out.answersLater = true;
        step();
        step();
        assertThat(log.rangesOpen).isEqualTo(1);
        log.group.positions.remove(partition);
        out.answersLater = false;
        out.endAll();
        run();
        assertThat(log.rangesOpen).isZero();
        assertThat(log.committed.get(partition)).isLessThanOrEqualTo(40);
    }

    @Test
    void everyTierIsClosedAlsoWhereOneFailsTo() {
        for (String cache : List.of("a", "b", "c")) {
            var unused = tiers.open(cache);
        }
        out.failsToClose = true;
        tiers.close();
        assertThat(out.closed).containsExactlyInAnyOrder("ledger", "a", "b", "c");
    }
}
