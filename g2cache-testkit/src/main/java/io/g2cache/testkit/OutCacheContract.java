package io.g2cache.testkit;

import static io.g2cache.testkit.OutTier.absent;
import static io.g2cache.testkit.OutTier.key;
import static io.g2cache.testkit.OutTier.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link io.g2cache.spi.OutCache} does. An implementation passes it by a subclass that names two providers: two
 * nodes that share their data. Every test uses a namespace of its own and waits at most 20 seconds for a call; the random
 * ones name their seed when they fail.
 */
public abstract class OutCacheContract {
    private final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private OutCacheProvider firstProvider;
    private OutCacheProvider secondProvider;
    private OutTier here;
    private OutTier there;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected OutCacheContract() {}

    /** A provider; called once for each test, which closes it. */
    protected abstract OutCacheProvider provider();

    /** Another node that shares its data with {@link #provider()}; called once for each test, which closes it. */
    protected abstract OutCacheProvider secondProvider();

    /** How many rounds the tests with concurrent writers run. */
    protected int raceRounds() {
        return 500;
    }

    @BeforeEach
    void open() {
        firstProvider = provider();
        opened.add(firstProvider);
        secondProvider = secondProvider();
        opened.add(secondProvider);
        here = open(firstProvider, "contract", "g1");
        there = open(secondProvider, "contract", "g1");
    }

    private OutTier open(OutCacheProvider provider, String cache, String generation) {
        OutTier tier = OutTier.open(provider, namespace, cache, generation, Runnable::run);
        opened.add(tier);
        return tier;
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private void assertEntry(EncodedKey key, Entry expected) {
        for (OutTier tier : List.of(here, there)) {
            OutSlot slot = tier.read(key);
            assertThat(slot.kind()).as("%s", slot).isEqualTo(OutSlot.Kind.ENTRY);
            assertThat(Text.of(slot.entry())).isEqualTo(Text.of(expected));
            assertThat(slot.version()).isEqualTo(expected.version());
            assertThat(slot.token()).isNotNull();
        }
    }

    private void assertKind(EncodedKey key, OutSlot.Kind kind) {
        assertThat(here.read(key).kind()).isEqualTo(kind);
        assertThat(there.read(key).kind()).isEqualTo(kind);
    }

    @Test
    void nothingIsHeldAtFirst() {
        assertThat(here.read(key("a"))).isEqualTo(OutSlot.EMPTY);
        assertThat(Race.await(here.cache().floors())).isEmpty();
        assertThat(firstProvider.name()).isNotBlank();
    }

    @Test
    void entriesOfEveryKindComeBackExactly() {
        Random random = new Random(1);
        byte[] large = new byte[1 << 20];
        random.nextBytes(large);
        List<Entry> entries = List.of(
                value(-1, "before the first event"),
                Entry.value(0, 0, 0, new byte[0]),
                Entry.value(1, Long.MIN_VALUE, Long.MAX_VALUE, new byte[] {0, -1, 127, -128}),
                absent(2),
                Entry.absent(3, 5, 7),
                Entry.tombstone(4),
                Entry.value(Long.MAX_VALUE / 2, 1, 2, large));
        for (Entry entry : entries) {
            EncodedKey key = key("kind-" + entry.version());
            assertThat(here.apply(key, entry)).isTrue();
            assertEntry(key, entry);
        }
    }

    @Test
    void aLeaseIsSeenByAllAndFilledOnce() {
        OutSlot lease = here.lease(key("a"));
        assertThat(lease.kind()).isEqualTo(OutSlot.Kind.LEASE);
        assertThat(lease.version()).isEqualTo(-1);
        assertKind(key("a"), OutSlot.Kind.LEASE);
        assertThat(here.fill(key("a"), lease, value(5, "five"))).isTrue();
        assertEntry(key("a"), value(5, "five"));
        assertThat(here.fill(key("a"), lease, value(6, "six"))).isFalse();
        assertEntry(key("a"), value(5, "five"));
    }

    @Test
    void aSecondLeaseIsTheFirstOneAndOnlyOneFillWins() {
        OutSlot first = here.lease(key("a"));
        OutSlot second = there.lease(key("a"));
        assertThat(second.kind()).isEqualTo(OutSlot.Kind.LEASE);
        assertThat(first.isNew()).isTrue();
        assertThat(second.isNew()).isFalse();
        assertThat(there.read(key("a")).isNew()).isFalse();
        assertThat(there.fill(key("a"), second, value(5, "second"))).isTrue();
        assertThat(here.fill(key("a"), first, value(9, "first"))).isFalse();
        assertEntry(key("a"), value(5, "second"));
    }

    @Test
    void aLeaseGivesWhatIsHeldAlready() {
        here.apply(key("a"), value(5, "five"));
        OutSlot held = there.lease(key("a"));
        assertThat(Text.of(held.entry())).isEqualTo(Text.of(value(5, "five")));
        assertEntry(key("a"), value(5, "five"));
    }

    @Test
    void leasesOfOneKeyOpenNoOther() {
        OutSlot a = here.lease(key("a"));
        OutSlot b = here.lease(key("b"));
        assertThat(here.fill(key("b"), a, value(5, "wrong lease"))).isFalse();
        assertThat(here.fill(key("c"), a, value(5, "no lease"))).isFalse();
        assertThat(here.fill(key("c"), OutSlot.EMPTY, value(5, "no lease"))).isFalse();
        assertKind(key("b"), OutSlot.Kind.LEASE);
        assertKind(key("c"), OutSlot.Kind.EMPTY);
        assertThat(here.fill(key("b"), b, value(5, "five"))).isTrue();
    }

    @Test
    void anEventRefusesTheFillOfAnEarlierLease() {
        for (Entry event : List.of(Entry.tombstone(5), value(5, "event"), absent(5))) {
            EncodedKey key = key("a-" + event.kind());
            OutSlot lease = here.lease(key);
            assertThat(there.apply(key, event)).isTrue();
            assertThat(here.fill(key, lease, value(9, "load"))).isFalse();
            assertEntry(key, event);
        }
    }

    @Test
    void whatIsHeldIsALeaseItself() {
        EncodedKey key = key("a");
        here.apply(key, Entry.tombstone(5));
        OutSlot tombstone = here.read(key);
        assertThat(here.fill(key, tombstone, value(7, "load"))).isTrue();
        assertThat(there.fill(key, tombstone, value(8, "late load"))).isFalse();
        assertEntry(key, value(7, "load"));
        OutSlot value = there.read(key);
        assertThat(there.fill(key, value, absent(8))).isTrue();
        assertThat(here.fill(key, value, value(9, "late refresh"))).isFalse();
        assertEntry(key, absent(8));
    }

    @Test
    void aNewTombstoneRefusesTheLeaseOfTheOldOne() {
        EncodedKey key = key("a");
        here.apply(key, Entry.tombstone(5));
        OutSlot old = here.read(key);
        there.apply(key, Entry.tombstone(6));
        assertThat(here.fill(key, old, value(5, "load"))).isFalse();
        assertEntry(key, Entry.tombstone(6));
    }

    @Test
    void applyMovesForwardOnly() {
        for (Entry held : List.of(value(5, "held"), absent(5), Entry.tombstone(5))) {
            for (Entry older : List.of(value(4, "older"), absent(4), Entry.tombstone(4))) {
                EncodedKey key = key("older-" + held.kind() + older.kind());
                here.apply(key, held);
                assertThat(there.apply(key, older)).isFalse();
                assertEntry(key, held);
            }
            for (Entry newer : List.of(value(6, "newer"), absent(6), Entry.tombstone(6))) {
                EncodedKey key = key("newer-" + held.kind() + newer.kind());
                here.apply(key, held);
                assertThat(there.apply(key, newer)).isTrue();
                assertEntry(key, newer);
            }
        }
    }

    @Test
    void atEqualVersionOnlyATombstoneGivesWay() {
        for (Entry held : List.of(value(5, "held"), absent(5), Entry.tombstone(5))) {
            for (Entry equal : List.of(value(5, "equal"), absent(5), Entry.tombstone(5))) {
                EncodedKey key = key("equal-" + held.kind() + equal.kind());
                here.apply(key, held);
                boolean replaces = held.isTombstone() && !equal.isTombstone();
                assertThat(there.apply(key, equal))
                        .as("%s over %s", equal, held)
                        .isEqualTo(replaces);
                assertEntry(key, replaces ? equal : held);
            }
        }
    }

    @Test
    void aWriterThatStoresOverNothingOfAnEventIsEarly() {
        new EarlyWrites(here, there).overNothingOfAnEvent();
    }

    @Test
    void aWriterThatStoresOverAnEventsEntryIsNotEarly() {
        new EarlyWrites(here, there).overAnEventsEntry();
    }

    @Test
    void aTombstoneThatReplacedNothingSaysNothingOfWhatWasThere() {
        new EarlyWrites(here, there).overATombstoneThatReplacedNothing();
    }

    @Test
    void anEarlyWriterMovesForwardOnly() {
        new EarlyWrites(here, there).moveForwardOnly();
    }

    @Test
    void anEarlyEntryIsConfirmedOnlyAsItWasSeen() {
        new EarlyWrites(here, there).areConfirmedOnlyAsTheyWereSeen();
    }

    @Test
    void readAllAnswersForEveryKey() {
        here.apply(key("value"), value(5, "five"));
        here.apply(key("tombstone"), Entry.tombstone(6));
        here.lease(key("lease"));
        List<EncodedKey> keys = List.of(key("value"), key("nothing"), key("tombstone"), key("lease"));
        Map<EncodedKey, OutSlot> slots = Race.await(there.cache().readAll(keys));
        assertThat(slots).containsOnlyKeys(keys);
        assertThat(slots.get(key("nothing"))).isEqualTo(OutSlot.EMPTY);
        OutSlot lease = Objects.requireNonNull(slots.get(key("lease")));
        OutSlot value = Objects.requireNonNull(slots.get(key("value")));
        OutSlot tombstone = Objects.requireNonNull(slots.get(key("tombstone")));
        assertThat(lease.kind()).isEqualTo(OutSlot.Kind.LEASE);
        assertThat(Text.of(value.entry())).isEqualTo(Text.of(value(5, "five")));
        assertThat(tombstone.version()).isEqualTo(6);
        assertThat(there.fill(key("tombstone"), tombstone, value(6, "filled"))).isTrue();
        assertThat(there.fill(key("lease"), lease, value(7, "filled"))).isTrue();
        assertThat(Race.await(here.cache().readAll(List.of()))).isEmpty();
    }

    @Test
    void floorsOnlyRise() {
        Race.await(here.cache().raiseFloor(0, 10));
        Race.await(there.cache().raiseFloor(3, 7));
        Race.await(there.cache().raiseFloor(0, 9));
        assertThat(Race.await(here.cache().floors())).isEqualTo(Map.of(0, 10L, 3, 7L));
        Race.await(here.cache().raiseFloor(3, 8));
        Race.await(here.cache().raiseFloor(3, 8));
        assertThat(Race.await(there.cache().floors())).isEqualTo(Map.of(0, 10L, 3, 8L));
    }

    @Test
    void floorsOfTagsAreKeptApartFromThoseOfPartitions() {
        int red = Tags.floorNumber(3, Tags.hash("red"));
        int last = Tags.floorNumber(3, -1);
        Race.await(here.cache().raiseFloor(red, 10));
        Race.await(here.cache().raiseFloor(last, Long.MAX_VALUE));
        Race.await(there.cache().raiseFloor(3, 7));
        Race.await(there.cache().raiseFloor(red, 9));
        assertThat(Race.await(here.cache().floors())).isEqualTo(Map.of(red, 10L, last, Long.MAX_VALUE, 3, 7L));
    }

    @Test
    void cachesGenerationsAndNamespacesAreSeparate() {
        OutTier otherCache = open(secondProvider, "contract2", "g1");
        OutTier otherGeneration = open(secondProvider, "contract", "g2");
        OutTier otherNamespace = OutTier.open(secondProvider, namespace + "x", "contract", "g1", Runnable::run);
        opened.add(otherNamespace);
        here.apply(key("a"), value(5, "five"));
        Race.await(here.cache().raiseFloor(0, 10));
        for (OutTier other : List.of(otherCache, otherGeneration, otherNamespace)) {
            assertThat(other.read(key("a"))).isEqualTo(OutSlot.EMPTY);
            assertThat(Race.await(other.cache().floors())).isEmpty();
            assertThat(other.apply(key("a"), value(1, "one"))).isTrue();
            Race.await(other.cache().raiseFloor(0, 1));
        }
        assertEntry(key("a"), value(5, "five"));
        assertThat(Race.await(there.cache().floors())).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void closingLeavesTheSharedData() {
        here.apply(key("a"), value(5, "five"));
        Race.await(here.cache().raiseFloor(0, 10));
        here.close();
        here.close();
        firstProvider.close();
        firstProvider.close();
        assertThat(Text.of(there.read(key("a")).entry())).isEqualTo(Text.of(value(5, "five")));
        assertThat(Race.await(there.cache().floors())).isEqualTo(Map.of(0, 10L));
    }

    private OutLedger ledger(OutCacheProvider provider, String inNamespace, String generation) {
        OutLedger ledger = OutTier.ledger(provider, inNamespace, generation);
        opened.add(ledger);
        return ledger;
    }

    @Test
    void progressIsPublishedOnlyOverWhatThePublisherKnows() {
        OutLedger mine = ledger(firstProvider, namespace, "g1");
        OutLedger others = ledger(secondProvider, namespace, "g1");
        OutProgress first = new OutProgress(3, Long.MIN_VALUE, -1);
        OutProgress second = new OutProgress(7, 1_900_000_000_000L, 5);
        OutProgress third = new OutProgress(6, 1_900_000_000_000L, -1);
        assertThat(Race.await(mine.progress())).isEmpty();
        assertThat(Race.await(mine.publish(2, first, second))).isFalse();
        assertThat(Race.await(mine.publish(2, null, first))).isTrue();
        assertThat(Race.await(others.publish(2, null, second))).isFalse();
        assertThat(Race.await(others.progress())).isEqualTo(Map.of(2, first));
        assertThat(Race.await(others.publish(2, first, second))).isTrue();
        assertThat(Race.await(mine.publish(2, first, third))).isFalse();
        assertThat(Race.await(mine.publish(2, second, third))).isTrue();
        assertThat(Race.await(mine.publish(0, null, first))).isTrue();
        assertThat(Race.await(others.progress())).isEqualTo(Map.of(2, third, 0, first));
    }

    @Test
    void theLedgerHasFloorsOfItsOwnAndOutlivesWhoeverClosesIt() {
        OutLedger mine = ledger(firstProvider, namespace, "g1");
        Race.await(mine.raiseFloor(1, 5));
        Race.await(mine.raiseFloor(1, 4));
        Race.await(here.cache().raiseFloor(2, 6));
        Race.await(mine.publish(0, null, new OutProgress(1, 2, 3)));
        for (OutLedger other :
                List.of(ledger(secondProvider, namespace, "g2"), ledger(secondProvider, namespace + "x", "g1"))) {
            assertThat(Race.await(other.floors())).isEmpty();
            assertThat(Race.await(other.progress())).isEmpty();
        }
        mine.close();
        mine.close();
        OutLedger others = ledger(secondProvider, namespace, "g1");
        assertThat(Race.await(others.floors())).isEqualTo(Map.of(1, 5L));
        assertThat(Race.await(others.progress())).isEqualTo(Map.of(0, new OutProgress(1, 2, 3)));
        assertThat(Race.await(here.cache().floors())).isEqualTo(Map.of(2, 6L));
    }

    @Test
    void futuresCompleteOnTheGivenExecutor() {
        ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        OutTier queued = OutTier.open(firstProvider, namespace, "contract", "g1", tasks::add);
        opened.add(queued);
        here.apply(key("a"), value(5, "five"));
        List<CompletableFuture<?>> calls = List.of(
                queued.cache().read(key("a")),
                queued.cache().readAll(List.of(key("a"))),
                queued.cache().lease(key("b")),
                queued.cache().fill(key("a"), here.read(key("a")), value(6, "six")),
                queued.cache().apply(key("c"), value(7, "seven")),
                queued.cache().floors(),
                queued.cache().raiseFloor(1, 5));
        long end = System.nanoTime() + Race.DEADLINE.toNanos();
        for (long expected = 0; expected < calls.size(); expected = done(calls)) {
            Runnable task = tasks.poll();
            while (task == null) {
                assertThat(System.nanoTime()).as("deadline").isLessThan(end);
                Race.spin(1_000);
                task = tasks.poll();
            }
            assertThat(done(calls)).as("calls that have ended").isEqualTo(expected);
            task.run();
        }
        assertThat(calls).allSatisfy(call -> assertThat(call).isNotCompletedExceptionally());
    }

    private static long done(List<CompletableFuture<?>> calls) {
        return calls.stream().filter(CompletableFuture::isDone).count();
    }

    @Test
    void repeatedAndReorderedEventsConvergeToTheNewest() {
        OutCacheRaces.replays(here, there, Math.max(1, raceRounds() / 50));
    }

    @Test
    void theNewestOfRacingEventsStays() {
        OutCacheRaces.eventsAgainstEvents(here, there, raceRounds());
    }

    @Test
    void racingFillsNeverHideANewerEvent() {
        OutCacheRaces.fillsAgainstEvents(here, there, raceRounds());
    }

    @Test
    void oneOfManyRacingFillsWins() {
        OutCacheRaces.fillsAgainstFills(here, there, raceRounds());
    }

    @Test
    void racingLeasesAgree() {
        OutCacheRaces.leasesAgainstLeases(here, there, raceRounds());
    }

    @Test
    void racingFloorsEndAtTheHighest() {
        List<Race.Task> raisers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            OutTier tier = t % 2 == 0 ? here : there;
            Random random = new Random(t);
            raisers.add(() -> {
                for (int i = 0; i < 100; i++) {
                    Race.await(tier.cache().raiseFloor(2, random.nextInt(1_000)));
                }
                Race.await(tier.cache().raiseFloor(2, 1_000));
                Race.await(tier.cache().raiseFloor(2, random.nextInt(1_000)));
            });
        }
        try (Race race = new Race("out-floors")) {
            race.run(Duration.ofSeconds(60), raisers);
        }
        assertThat(Race.await(there.cache().floors())).isEqualTo(Map.of(2, 1_000L));
    }
}
