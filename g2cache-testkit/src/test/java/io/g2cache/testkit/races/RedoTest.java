package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.Lifetime;
import io.g2cache.OutRebuild;
import io.g2cache.PublishMode;
import io.g2cache.TierException;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutDoubts;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An out tier that holds again what had been removed, or that was split: what becomes of it, and what nobody takes from it. */
final class RedoTest {
    private static final String KEY = "key";
    private static final Duration LONG = Duration.ofDays(1);

    private TwoNodes nodes = started(spec -> spec.lifetime(Lifetime.hard(LONG)));
    private TestNode first = nodes.node(0);
    private TestNode second = nodes.node(1);
    private long sinceMillis = nodes.time().wallMillis();

    /** Nodes that remember a thousand events. */
    private static TwoNodes started(UnaryOperator<CacheSpecBuilder<String, Long>> spec) {
        return new TwoNodes(Settings.byHand(1).with(spec));
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private static Long get(TestNode node, String key) {
        CompletableFuture<Long> read = node.cache().getAsync(key);
        node.executor().runAll();
        assertThat(read).isCompleted();
        return read.join();
    }

    private static void invalidate(TestNode node, String key) {
        var written = node.cache().invalidateAsync(key);
        node.executor().runAll();
        assertThat(written).isCompleted();
    }

    /** The out tier holds an old value of the key again, and no node remembers the event that had removed it. */
    private void resurrect() {
        assertThat(get(first, KEY)).isZero();
        MemoryOut.Store before = nodes.store().copy();
        nodes.database().update(KEY);
        invalidate(first, KEY);
        forget();
        first.evictLocally(nodes.key(KEY));
        second.evictLocally(nodes.key(KEY));
        nodes.store().resurrectEntries(before);
    }

    /** So much happens that no node remembers the events before, all of which are materialised where that is possible. */
    private void forget() {
        for (int i = 0; i < 3_000; i++) {
            if (i % 400 == 0) {
                nodes.settle();
                nodes.time().advance(Duration.ofMinutes(2));
                nodes.settle();
            }
            nodes.invalidateAndDie("other-" + i);
        }
        nodes.settle();
    }

    private void doubt(TestNode node) {
        node.out().provider().doubt(sinceMillis, "a test");
    }

    private List<Event.Redo> redos() {
        List<Event.Redo> redos = new ArrayList<>();
        LogPosition end = nodes.log().endOffsets().join();
        try (var reader = nodes.log().tail(LogPosition.all(end.partitions(), 0))) {
            while (!reader.positions().equals(positions(end))) {
                reader.poll(Duration.ZERO, new LogHandler() {
                    @Override
                    public void onEvent(int partition, long offset, Event event) {
                        if (event instanceof Event.Redo redo) {
                            redos.add(redo);
                        }
                    }

                    @Override
                    public void onPosition(int partition, long next) {}

                    @Override
                    public void onGap(int partition, long next, String reason) {
                        throw new AssertionError(reason);
                    }
                });
            }
        }
        return redos;
    }

    private static Map<Integer, Long> positions(LogPosition end) {
        Map<Integer, Long> positions = new HashMap<>();
        for (int p = 0; p < end.partitions(); p++) {
            positions.put(p, end.offset(p));
        }
        return positions;
    }

    @Test
    void withoutADoubtTheResurrectedValueWouldBeTaken() {
        resurrect();
        assertThat(get(second, KEY)).as("the trap of the other tests").isZero();
    }

    @Test
    void aNodeInDoubtTakesNothingFromTheOutTier() {
        resurrect();
        doubt(second);
        assertThat(get(second, KEY)).isEqualTo(1);
        assertThat(second.cache().stats().counter("out_untrusted")).isPositive();
        nodes.settle();
        nodes.assertNoStale();
        assertThat(get(second, KEY)).isEqualTo(1);
    }

    @Test
    void aNodeThatReadsARedoTakesNothingUntilItIsDone() {
        resurrect();
        first.log().holdBackMaterialiser(1_000);
        second.log().holdBackMaterialiser(1_000);
        doubt(first);
        for (int cycle = 0; cycle < 4; cycle++) {
            first.agents().cycle("housekeeper");
            first.executor().runAll();
        }
        assertThat(redos()).hasSize(2);
        second.agents().cycle("tailer");
        assertThat(get(second, KEY)).isEqualTo(1);
        assertThat(second.cache().stats().counter("out_untrusted")).isPositive();
    }

    @Test
    void aCopyThatWasTakenBeforeTheRedoIsDropped() {
        resurrect();
        assertThat(get(second, KEY)).isZero();
        doubt(first);
        nodes.settle();
        assertThat(nodes.local(second, KEY)).isNull();
        assertThat(get(second, KEY)).isEqualTo(1);
        assertThat(nodes.shared(KEY)).isNotEqualTo(0L);
    }

    @Test
    void aCopyThatIsUnderWayWhenTheRedoComesIsRefused() {
        resurrect();
        CompletableFuture<Long> read = second.cache().getAsync(KEY);
        while (second.cache().stats().outHits() == 0 && second.executor().waiting() > 0) {
            boolean ran = second.executor().runNext();
            assertThat(ran).isTrue();
            if (second.executor().waiting() == 1 && redos().isEmpty()) {
                doubt(first);
                for (int cycle = 0; cycle < 4; cycle++) {
                    first.agents().cycle("housekeeper");
                    first.executor().runAll();
                }
                second.agents().cycle("tailer");
            }
        }
        nodes.settle();
        assertThat(read).isCompleted();
        nodes.assertNoStale();
    }

    @Test
    void theOutTierIsTrustedAgainAfterTheRedo() {
        resurrect();
        doubt(first);
        doubt(second);
        nodes.settle();
        assertThat(get(first, KEY)).isEqualTo(1);
        long hits = second.cache().stats().outHits();
        assertThat(get(second, KEY)).isEqualTo(1);
        assertThat(second.cache().stats().outHits()).isEqualTo(hits + 1);
        assertThat(nodes.shared(KEY)).isEqualTo(1);
    }

    @Test
    void nodesThatSeeTheSameWriteOneRedoForEachPartition() {
        invalidate(first, KEY);
        nodes.settle();
        for (TestNode node : nodes.nodes()) {
            doubt(node);
            doubt(node);
            node.agents().cycle("housekeeper");
            node.executor().runAll();
        }
        for (int cycle = 0; cycle < 4; cycle++) {
            first.agents().cycle("housekeeper");
            first.executor().runAll();
        }
        second.agents().cycle("tailer");
        nodes.settle();
        assertThat(redos()).hasSize(2);
        assertThat(redos())
                .extracting(Event.Redo::origin)
                .containsOnly(first.node().id());
    }

    @Test
    void aRedoReachesBackBeyondTheOutageAndNoFurther() {
        invalidate(first, KEY);
        nodes.time().advance(Duration.ofHours(1));
        sinceMillis = nodes.time().wallMillis();
        invalidate(first, KEY);
        nodes.settle();
        int partition = nodes.key(KEY).partition();
        long end = nodes.log().endOffsets().join().offset(partition);
        doubt(first);
        nodes.settle();
        assertThat(redos())
                .hasSize(2)
                .contains(new Event.Redo(end - 1, end, first.node().id()));
        second.out().provider().doubt(OutDoubts.EVERYTHING, "a test");
        nodes.settle();
        assertThat(redos()).contains(new Event.Redo(0, end + 1, second.node().id()));
    }

    @Test
    void aLaterRedoReachesBackToWhatAnEarlierOneHasJustMended() {
        resurrect();
        MemoryOut.Store resurrected = nodes.store().copy();
        doubt(first);
        nodes.settle();
        nodes.store().resurrectEntries(resurrected);
        nodes.time().advance(Duration.ofSeconds(6));
        sinceMillis = nodes.time().wallMillis();
        second.evictLocally(nodes.key(KEY));

        doubt(first);
        doubt(second);
        nodes.settle();

        assertThat(get(second, KEY)).isEqualTo(1);
        assertThat(nodes.shared(KEY)).isEqualTo(1);
    }

    @Test
    void anotherNodeFinishesTheRedoOfAMaterialiserThatDies() {
        resurrect();
        doubt(first);
        for (int cycle = 0; cycle < 4; cycle++) {
            first.agents().cycle("housekeeper");
            first.executor().runAll();
        }
        first.agents().cycle("materialiser");
        second.agents().cycle("materialiser");
        first.kill();
        nodes.settle();
        assertThat(nodes.shared(KEY)).isNull();
        assertThat(get(second, KEY)).isEqualTo(1);
        nodes.assertNoStale();
    }

    @Test
    void aHalfThatSurvivesASplitWithoutItsMaterialiserCatchesUp() {
        assertThat(get(first, KEY)).isZero();
        assertThat(get(second, KEY)).isZero();
        MemoryOut.Store half = nodes.store().copy();
        TestNode owner = nodes.key(KEY).partition() == 0 ? first : second;
        TestNode other = owner == first ? second : first;
        owner.out().provider().connect(half);
        nodes.database().update(KEY);
        invalidate(owner, KEY);
        forget();
        other.evictLocally(nodes.key(KEY));
        assertThat(nodes.shared(KEY))
                .as("the surviving half knows nothing of the event")
                .isZero();
        assertThat(get(other, KEY)).isEqualTo(1);
        owner.out().provider().connect(nodes.store());
        nodes.settle();
        assertThat(nodes.shared(KEY)).isNotEqualTo(0L);
        nodes.assertNoStale();
    }

    @Test
    void aNodeThatJoinsWaitsForWhatItsHalfLacks() {
        assertThat(get(first, KEY)).isZero();
        nodes.settle();
        MemoryOut.Store half = nodes.store().copy();
        TestNode owner = nodes.key(KEY).partition() == 0 ? first : second;
        owner.out().provider().connect(half);
        nodes.database().update(KEY);
        invalidate(owner, KEY);
        forget();
        assertThat(nodes.shared(KEY))
                .as("the surviving half knows nothing of the event")
                .isZero();
        assertThat(get(nodes.join(), KEY)).isEqualTo(1);
    }

    @Test
    void anEmptyOutTierIsRebuiltFromTheLogOnRequest() {
        nodes.close();
        nodes = started(spec -> spec.publish(PublishMode.VALUE));
        first = nodes.node(0);
        second = nodes.node(1);
        for (int i = 0; i < 100; i++) {
            var written = first.cache().putAsync("key-" + i, nodes.database().update("key-" + i));
            first.executor().runAll();
            assertThat(written).isCompleted();
        }
        nodes.settle();
        nodes.store().loseEverything();
        nodes.settle();
        assertThat(nodes.shared("key-7")).isNull();
        OutRebuild rebuild = first.node().rebuildOutTier(LONG);
        assertThat(rebuild.done()).isNotDone();
        nodes.settle();
        assertThat(rebuild.done()).isCompleted();
        assertThat(rebuild.share()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            assertThat(nodes.shared("key-" + i)).isEqualTo(1);
        }
        nodes.assertNoStale();
    }

    @Test
    void aRebuildThatIsNotDoneInTimeSaysSo() {
        nodes.settle();
        OutRebuild rebuild = first.node().rebuildOutTier(Duration.ofSeconds(1));
        nodes.time().advance(Duration.ofSeconds(2));
        first.agents().cycle("housekeeper");
        assertThatThrownBy(() -> rebuild.done().join())
                .hasCauseInstanceOf(TierException.class)
                .hasMessageContaining("share=");
        assertThat(first.node().rebuildOutTier(LONG).done()).isNotDone();
        first.node().close(Duration.ofMillis(1));
    }
}
