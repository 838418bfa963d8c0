package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.NodeState;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.spi.Event;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single histories that once left, or would leave without a rule, something stale. One thread drives all nodes. */
final class HistoriesTest {
    private static final String KEY = "key";

    private TwoNodes nodes = new TwoNodes(Settings.byHand(1));
    private TestNode first = nodes.node(0);
    private TestNode second = nodes.node(1);

    @AfterEach
    void close() {
        nodes.close();
    }

    private void restart(Settings settings) {
        nodes.close();
        nodes = new TwoNodes(settings);
        first = nodes.node(0);
        second = nodes.node(1);
    }

    private Long get(TestNode node) {
        CompletableFuture<Long> read = node.cache().getAsync(KEY);
        node.executor().runAll();
        assertThat(read).isCompleted();
        return read.join();
    }

    /** A load that reads the database, and then lets something happen before its value is stored. */
    private Long loadAround(TestNode node, Runnable meanwhile) {
        CompletableFuture<Long> read = node.cache().refreshAsync(KEY, key -> {
            long value = nodes.database().read(key);
            meanwhile.run();
            return value;
        });
        node.executor().runAll();
        return read.join();
    }

    private void changeAndDie() {
        nodes.database().update(KEY);
        nodes.invalidateAndDie(KEY);
    }

    private void restAndCheck() {
        nodes.atRest();
        nodes.assertNoStale();
        for (TestNode node : nodes.nodes()) {
            if (node.isAlive()) {
                assertThat(get(node)).isEqualTo(nodes.database().read(KEY));
            }
        }
    }

    /** Of the test kit: what no node would take from the out tier is no stale value there. */
    @Test
    void aValueBelowTheFloorOfAllCachesIsNotTakenForLiving() {
        get(first);
        nodes.atRest();
        assertThat(nodes.shared(KEY)).isNotNull();

        int partition = nodes.key(KEY).partition();
        nodes.log()
                .append(partition, new Event.Unreadable(null, null, "foreign bytes"))
                .join();
        nodes.atRest();

        assertThat(nodes.store().held(nodes.cacheName(), nodes.key(KEY)))
                .isNotNull()
                .satisfies(held -> assertThat(held.isTombstone()).isFalse());
        assertThat(nodes.shared(KEY)).isNull();
    }

    @Test
    void aLoadAfterAnUnreadableEventDoesNotOutliveTheNextEvent() {
        get(first);
        int partition = nodes.key(KEY).partition();
        nodes.log()
                .append(partition, new Event.Unreadable(null, null, "foreign bytes"))
                .join();
        nodes.atRest();

        loadAround(first, this::changeAndDie);

        restAndCheck();
    }

    @Test
    void aLateNodeIsNotDeceivedByWhatADeadWriterLeftInTheOutTier() {
        get(first);
        first.log().holdBackMaterialiser(1_000);
        second.log().holdBackMaterialiser(1_000);
        changeAndDie();

        nodes.time().advance(Duration.ofMinutes(2));
        TestNode late = nodes.join();
        late.log().holdBackMaterialiser(1_000);

        assertThat(nodes.shared(KEY)).as("the old value is still there").isZero();
        assertThat(get(late)).isEqualTo(1);
        restAndCheck();
    }

    @Test
    void aDeadWritersOldValueIsRefusedByANodeThatHasSeenItsEvent() {
        get(first);
        WriteToken token = nodes.invalidateAndDie(KEY);
        nodes.database().update(KEY);
        second.agents().cycle("tailer");

        assertThat(nodes.hasApplied(second, token)).isTrue();
        assertThat(nodes.shared(KEY)).as("the old value is still there").isZero();
        assertThat(get(second)).isEqualTo(1);
    }

    @Test
    void theMaterialiserTakesADeadWritersOldValueAway() {
        get(first);
        changeAndDie();
        nodes.atRest();

        assertThat(nodes.shared(KEY)).isNull();
    }

    @Test
    void aFillAfterItsLeaseWasLostDoesNotBringBackAnOldValue() {
        loadAround(first, () -> {
            changeAndDie();
            second.agents().cycleAll();
            second.executor().runAll();
            second.agents().cycleAll();
            nodes.out().evict(nodes.key(KEY));
        });
        first.kill();
        nodes.time().advance(Duration.ofMinutes(2));

        assertThat(nodes.shared(KEY)).isNull();
        assertThat(get(nodes.join())).isEqualTo(1);
        restAndCheck();
    }

    @Test
    void aLoadThatOutlivesTheMemoryOfItsEventIsNotStored() {
        restart(Settings.byHand(2).withoutOutTier());

        Long loaded = loadAround(first, () -> {
            changeAndDie();
            for (int i = 0; i < 8_000; i++) {
                nodes.invalidateAndDie("other-" + i);
            }
            while (first.agents().cycle("tailer") > 0) {}
        });

        assertThat(loaded).isZero();
        assertThat(nodes.local(first, KEY)).isNull();
        restAndCheck();
    }

    @Test
    void anOutTierValueIsRefusedWhenTheMemoryOfItsEventWasForcedOutEarly() {
        get(first);
        second.log().holdBackMaterialiser(100_000);
        first.log().holdBackMaterialiser(100_000);
        changeAndDie();
        for (int i = 0; i < 8_000; i++) {
            nodes.invalidateAndDie("other-" + i);
        }
        while (second.agents().cycle("tailer") > 0) {}

        assertThat(nodes.shared(KEY)).as("the old value is still there").isZero();
        assertThat(get(second)).isEqualTo(1);
        restAndCheck();
    }

    @Test
    void aNodeThatIsThousandsOfEventsBehindCatchesUpAndHoldsNothingOld() {
        get(first);
        get(second);
        WriteToken last = nodes.invalidateAndDie(KEY);
        for (int i = 0; i < 10_000; i++) {
            nodes.database().update("key-" + i % 100);
            nodes.invalidateAndDie("key-" + i % 100);
            if (i % 500 == 0) {
                nodes.database().update(KEY);
                last = nodes.invalidateAndDie(KEY);
                get(first);
            }
        }

        assertThat(nodes.hasApplied(first, last)).isFalse();
        restAndCheck();
        assertThat(nodes.hasApplied(first, last)).isTrue();
        assertThat(get(nodes.join())).isEqualTo(nodes.database().read(KEY));
    }

    @Test
    void aClearOnOneNodeRefusesWhatAnotherNodeIsLoading() {
        loadAround(second, () -> {
            nodes.database().update(KEY);
            first.cache().clearAsync();
            first.executor().runAll();
            second.agents().cycle("tailer");
        });

        assertThat(nodes.local(second, KEY)).isNull();
        restAndCheck();
    }

    @Test
    void aPublishedLoadIsRefusedWhereItsInvalidationCameFirst() {
        restart(Settings.byHand(3).with(spec -> spec.publishLoads(true)));
        loadAround(first, () -> {
            changeAndDie();
            second.agents().cycle("tailer");
        });
        while (second.agents().cycle("tailer") > 0) {}

        assertThat(nodes.local(second, KEY)).isNull();
        restAndCheck();
    }

    @Test
    void aReadWithATokenDoesNotJoinALoadFromBeforeTheWrite() {
        AtomicReference<CompletableFuture<Long>> read = new AtomicReference<>();
        loadAndJoin(() -> {
            nodes.database().update(KEY);
            nodes.invalidateAndDie(KEY);
            second.agents().cycle("tailer");
            read.set(later(second));
        });
        second.executor().runAll();

        assertThat(read.get().join()).isEqualTo(1);
        restAndCheck();
    }

    @Test
    void aReadAfterAnInvalidationDoesNotJoinALoadFromBeforeIt() {
        AtomicReference<CompletableFuture<Long>> read = new AtomicReference<>();
        loadAndJoin(() -> {
            nodes.database().update(KEY);
            CompletableFuture<WriteToken> write = second.cache().invalidateAsync(KEY);
            second.executor().runAll();
            assertThat(write).isCompleted();
            read.set(later(second));
        });
        second.executor().runAll();

        assertThat(read.get().join()).isEqualTo(1);
        restAndCheck();
    }

    @Test
    void aReadWithATokenDoesNotJoinALoadFromBeforeAClear() {
        AtomicReference<CompletableFuture<Long>> read = new AtomicReference<>();
        loadAndJoin(() -> {
            nodes.database().update(KEY);
            first.cache().clearAsync();
            first.executor().runAll();
            second.agents().cycle("tailer");
            read.set(later(second));
        });
        second.executor().runAll();

        assertThat(read.get().join()).isEqualTo(1);
        restAndCheck();
    }

    private void loadAndJoin(Runnable meanwhile) {
        var unused = second.cache().getAsync(KEY, key -> {
            long value = nodes.database().read(key);
            meanwhile.run();
            return value;
        });
        second.executor().runAll();
    }

    /** Asks in a thread of its own: the caller is inside a loader of the key. */
    private CompletableFuture<Long> later(TestNode node) {
        return CompletableFuture.supplyAsync(() -> node.cache().getAsync(KEY))
                .join()
                .thenApply(value -> value);
    }

    @Test
    void aTierThatLosesEverythingInTheMiddleOfALoadIsFilledWithNothingOld() {
        loadAround(first, () -> {
            changeAndDie();
            nodes.store().loseEverything();
        });

        restAndCheck();
    }

    @Test
    void ofTwoWritersOfOneKeyTheLogsLastOneWinsEverywhere() {
        for (PublishMode publish : PublishMode.values()) {
            restart(Settings.byHand(4).with(spec -> spec.publish(publish)));
            for (int round = 0; round < 500; round++) {
                CompletableFuture<WriteToken> one = first.cache().putAsync(KEY, 2L * round);
                CompletableFuture<WriteToken> two = second.cache().putAsync(KEY, 2L * round + 1);
                TestNode early = round % 2 == 0 ? first : second;
                early.executor().runAll();
                nodes.atRest();

                long last = 2L * round + 1;
                assertThat(one).isCompleted();
                assertThat(two).isCompleted();
                assertThat(nodes.shared(KEY)).isEqualTo(last);
                assertThat(get(first)).isEqualTo(last);
                assertThat(get(second)).isEqualTo(last);
            }
        }
    }

    @Test
    void aLoadThatAReplayHasOvertakenIsTakenAwayByTheTailer() {
        restart(Settings.byHand(5).withPartitions(1).withoutOutTier().withoutWaiting());
        nodes.nodes().forEach(TestNode::awaitReady);
        get(first);
        nodes.atRest();
        first.kill();
        TestNode again = nodes.restart(first);

        loadAround(again, () -> {
            changeAndDie();
            assertThat(again.agents().cycle("replay-numbers")).isPositive();
        });
        assertThat(nodes.local(again, KEY))
                .as("the tailer has not heard of the event")
                .isZero();

        restAndCheck();
    }

    /** The reader's own look at the out tier would not have believed what the load had found there long before. */
    @Test
    void anOutTierValueIsNotSharedWithWhoComesTooLateForIt() {
        restart(Settings.byHand(6).withPartitions(1).withNode(node -> node.maxStaleness(Duration.ofSeconds(10))));
        get(first);
        nodes.atRest();
        second.log().holdBackTail(Long.MAX_VALUE);
        nodes.time().advance(Duration.ofSeconds(6));
        nodes.invalidateAndDie("other");
        for (int i = 0; i < 20; i++) {
            nodes.nodes().forEach(node -> {
                node.agents().cycleAll();
                node.executor().runAll();
            });
            nodes.time().advance(Duration.ofMillis(250));
        }
        changeAndDie();
        nodes.time().advance(Duration.ofSeconds(4));
        assertThat(second.node().status().state()).isEqualTo(NodeState.STALE);

        CompletableFuture<Long> load = second.cache().getAsync(KEY);
        assertThat(second.executor().runNext()).isTrue();
        nodes.time().advance(Duration.ofSeconds(7));
        second.executor().runAtOnce(true);
        CompletableFuture<Long> late = second.cache().getAsync(KEY);
        second.executor().runAtOnce(false);
        assertThat(late).isNotDone();
        second.executor().runAll();

        assertThat(load).isCompletedWithValue(0L);
        assertThat(late).isCompletedWithValue(1L);
        restAndCheck();
    }
}
