package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.Tags;
import io.g2cache.spi.ValueFormat;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The out tier of one cache, under the rules: its values are checked, what is dead there is healed, and its failures cost a
 * miss. No future of this class completes exceptionally; a null slot means that the tier is not there or did not answer.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class OutPath {
    private static final CompletableFuture<@Nullable OutSlot> NO_SLOT = CompletableFuture.completedFuture(null);
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final @Nullable OutCache out;
    private final OutGate gate;
    private final FillFence fence;
    private final CacheFloors floors;
    private final Heals heals;
    private final Sequencer sequencer;
    private final StatsRecorder stats;
    private final OutFailures failures;
    private volatile Map<Integer, Long> floorsOfTags = Map.of();
    private volatile Learnt learnt = Learnt.NOTHING;
    private volatile CompletableFuture<Void> learning = DONE;

    OutPath(
            @Nullable OutCache out,
            OutGate gate,
            FillFence fence,
            CacheFloors floors,
            Heals heals,
            Sequencer sequencer,
            StatsRecorder stats,
            OutFailures failures) {
        this.out = out;
        this.gate = gate;
        this.fence = fence;
        this.floors = floors;
        this.heals = heals;
        this.sequencer = sequencer;
        this.stats = stats;
        this.failures = failures;
    }

    /**
     * What the floors known here account for.
     *
     * @param committed the materialisers' commit from before they were asked for
     * @param asOfMillis {@link OutGate#tierAsOfMillis} of each partition at that time
     */
    private record Learnt(@Nullable LogPosition committed, long[] asOfMillis) {
        static final Learnt NOTHING = new Learnt(null, new long[0]);

        boolean isNothing() {
            return asOfMillis.length == 0;
        }

        long asOfMillis(int partition) {
            return isNothing() ? Long.MIN_VALUE : asOfMillis[partition];
        }
    }

    boolean isPresent() {
        return out != null;
    }

    /**
     * Takes the floors that others have raised; until that has worked, no value of the tier is used. The same again after a gap, as
     * a clear may lie in it: once the materialisers, which write the floors before they commit, have passed it. And again and again
     * while this node falls behind the log, as clears come to the tier before they come here.
     */
    CompletableFuture<Void> learnFloors() {
        OutCache tier = out;
        if (tier == null || !learning.isDone() || (knowsFloors() && !mustLearnAgain())) {
            return learning;
        }
        Learnt now = new Learnt(
                fence.committed(),
                IntStream.range(0, sequencer.partitions())
                        .mapToLong(gate::tierAsOfMillis)
                        .toArray());
        CompletableFuture<Void> ofCache = tier.floors().handle((known, failure) -> {
            if (failure != null) {
                failures.failed("floors are not known yet", failure);
            } else {
                Map<Integer, Long> ofTags = new HashMap<>(known);
                ofTags.keySet().removeIf(number -> !Tags.isFloorOfTags(number));
                floorsOfTags = ofTags;
                known.forEach(this::raise);
                learnt = now;
            }
            return null;
        });
        learning = CompletableFuture.allOf(ofCache, gate.learn());
        return learning;
    }

    private boolean knowsFloors() {
        return !learnt.isNothing();
    }

    private boolean mustLearnAgain() {
        return gate.dependsOnTier() || fence.mustLearnFloors(learnt.committed);
    }

    private boolean isOpen(EncodedKey key) {
        return gate.isOpen(key.partition(), learnt.asOfMillis(key.partition()));
    }

    /** The wall-clock moment until which what the tier holds now may be used; {@link Long#MIN_VALUE} where it may not. */
    long trustedUntilMillis(EncodedKey key) {
        return gate.closesAtMillis(key.partition(), learnt.asOfMillis(key.partition()));
    }

    /** Calls the tier; a first read waits for the floors that are just being learnt, as it could not be used without. */
    private <T> CompletableFuture<T> afterFloors(Supplier<CompletableFuture<T>> call) {
        CompletableFuture<Void> floors = learning;
        return floors.isDone() ? call.get() : floors.thenCompose(known -> call.get());
    }

    private void raise(int number, long version) {
        int partition = Tags.partition(number);
        if (number < 0 || partition >= sequencer.partitions()) {
            failures.warn("it has a floor of partition=" + partition, new IllegalStateException("number=" + number));
            return;
        }
        observed(partition, version, false);
        if (number == partition) {
            floors.raise(partition, version);
        }
    }

    /** The log believes only entries that could be read to show how far it must reach; a clock takes what it can get. */
    private void observed(int partition, long version, boolean isEntry) {
        if (isEntry || !sequencer.isShared()) {
            sequencer.observed(partition, version);
        }
    }

    /** The highest floor of the entry's tags: those that this node has heard of, and those from before, by groups of tags. */
    private long tagFloor(int partition, Entry entry) {
        long floor = RecentVersions.NONE;
        long[] tags = ValueFormat.tags(entry);
        if (tags != null) {
            for (long tag : tags) {
                long learnt = floorsOfTags.getOrDefault(Tags.floorNumber(partition, tag), RecentVersions.NONE);
                floor = Math.max(floor, Math.max(learnt, floors.tagFloor(partition, tag)));
            }
        }
        return floor;
    }

    /** What the tier holds. */
    CompletableFuture<@Nullable OutSlot> read(EncodedKey key) {
        OutCache tier = out;
        return tier == null ? NO_SLOT : afterFloors(() -> trusted(key, () -> tier.read(key)));
    }

    /** What the tier holds for each key; empty if it did not answer. */
    CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
        OutCache tier = out;
        if (tier == null || keys.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        return afterFloors(() -> {
            Set<EncodedKey> trusted = new HashSet<>(keys);
            trusted.removeIf(key -> !isOpen(key));
            return tier.readAll(keys).handle((slots, failure) -> seen(slots, trusted, failure));
        });
    }

    private Map<EncodedKey, OutSlot> seen(
            @Nullable Map<EncodedKey, OutSlot> slots, Set<EncodedKey> trusted, @Nullable Throwable failure) {
        if (failure != null || slots == null) {
            failures.failed("bulk read failed", failure);
            return new HashMap<>();
        }
        Map<EncodedKey, OutSlot> seen = new HashMap<>();
        slots.forEach((key, slot) -> {
            observed(key.partition(), slot.version(), slot.kind() == OutSlot.Kind.ENTRY);
            seen.put(key, checked(key, trusted.contains(key), slot));
        });
        return seen;
    }

    /** Calls the tier; a value is kept only if the gate was open before the call, and is after it. */
    private CompletableFuture<@Nullable OutSlot> trusted(EncodedKey key, Supplier<CompletableFuture<OutSlot>> call) {
        boolean isOpen = isOpen(key);
        return call.get().handle((slot, failure) -> {
            OutSlot seen = seen(key, slot, failure);
            return seen == null ? null : checked(key, isOpen, seen);
        });
    }

    private OutSlot checked(EncodedKey key, boolean wasOpen, OutSlot slot) {
        Entry entry = slot.entry();
        if (entry == null || entry.isTombstone() || (wasOpen && isOpen(key))) {
            return slot;
        }
        stats.count(Counter.OUT_UNTRUSTED);
        return slot.untrusted();
    }

    private @Nullable OutSlot seen(EncodedKey key, @Nullable OutSlot slot, @Nullable Throwable failure) {
        if (failure != null || slot == null) {
            failures.failed("read failed", failure);
            return null;
        }
        observed(key.partition(), slot.version(), slot.kind() == OutSlot.Kind.ENTRY);
        return slot;
    }

    /** The value or known absence in the slot, if it is in time and nothing newer is known; else null. */
    @Nullable
    Entry usable(EncodedKey key, @Nullable OutSlot slot, long heldVersion, long nowMillis) {
        Entry entry = slot == null ? null : slot.entry();
        if (slot == null || entry == null || entry.isTombstone() || nowMillis >= entry.hardDeadline()) {
            return null;
        }
        if (!knowsFloors()) {
            return null;
        }
        if (entry.version() < heldVersion
                || entry.version() < tagFloor(key.partition(), entry)
                || !fence.hasFloors(key.partition(), entry.version(), learnt.committed)
                || !fence.isCurrent(key, entry.version(), floors)
                || isDoubtful(key, slot)) {
            stats.count(Counter.OUT_STALE);
            return null;
        }
        return entry;
    }

    /**
     * Whether something newer may have been in the place of an early value, and be lost, and this node would not know of it. Asked
     * after {@code recent} was looked at.
     */
    private boolean isDoubtful(EncodedKey key, OutSlot slot) {
        return slot.source() == OutSlot.Source.EARLY
                && (gate.dependsOnTier() || !fence.knowsAllAfter(key.partition(), slot.version()));
    }

    /** Whether it is served where nothing newer of the key is known: it is in time, and no floor has killed it. */
    boolean isAlive(EncodedKey key, OutSlot slot, long nowMillis) {
        Entry entry = slot.entry();
        return knowsFloors()
                && entry != null
                && !entry.isTombstone()
                && nowMillis < entry.hardDeadline()
                && fence.hasFloors(key.partition(), entry.version(), learnt.committed)
                && entry.version() >= tagFloor(key.partition(), entry)
                && fence.isAlive(key, entry.version(), floors)
                && !isDoubtful(key, slot);
    }

    /**
     * What a fill will be compared with: what was seen, or a placeholder where nothing was, or the tombstone of the event
     * that has killed what was seen. Null if there is nothing to compare with, and the tier cannot be filled.
     */
    CompletableFuture<@Nullable OutSlot> lease(EncodedKey key, @Nullable OutSlot seen) {
        OutCache tier = out;
        if (tier == null || seen == null) {
            return NO_SLOT;
        }
        Entry entry = seen.entry();
        long killer = entry == null ? RecentVersions.NONE : killer(key, entry);
        if (killer != RecentVersions.NONE) {
            return heals.heal(key, killer).thenCompose(healed -> leaseOf(tier, key));
        }
        return seen.kind() == OutSlot.Kind.EMPTY ? leaseOf(tier, key) : CompletableFuture.completedFuture(seen);
    }

    private CompletableFuture<@Nullable OutSlot> leaseOf(OutCache tier, EncodedKey key) {
        return trusted(key, () -> tier.lease(key));
    }

    /** Writes the tombstone of the event or clear that has made the slot's value invalid, if there is one. */
    void healIfDead(EncodedKey key, @Nullable OutSlot slot) {
        Entry entry = slot == null ? null : slot.entry();
        if (entry != null) {
            healIfDead(key, entry);
        }
    }

    /** The same for an entry that this node has written, or may have: what it replaced may have been the trace of a newer event. */
    private void healIfDead(EncodedKey key, Entry entry) {
        long killer = killer(key, entry);
        if (killer != RecentVersions.NONE) {
            var unused = heals.heal(key, killer);
        }
    }

    private long killer(EncodedKey key, Entry entry) {
        if (entry.isTombstone()) {
            return RecentVersions.NONE;
        }
        long tagFloor = tagFloor(key.partition(), entry);
        long newest = Math.max(Math.max(fence.newest(key), tagFloor), floors.sharedFloor(key.partition()));
        return newest > entry.version() ? newest : RecentVersions.NONE;
    }

    /** Stores a load's entry if the slot is still as it was seen. */
    CompletableFuture<Void> fill(EncodedKey key, @Nullable OutSlot lease, Entry entry) {
        if (out == null || lease == null) {
            return DONE;
        }
        heals.filling(key, entry.version());
        return out.fill(key, lease, entry).handle((stored, failure) -> {
            if (failure != null) {
                failures.failed("fill failed", failure);
            } else if (!stored) {
                stats.count(Counter.FILL_REJECTED);
                return null;
            }
            healIfDead(key, entry);
            return null;
        });
    }

    /**
     * Moves the key to the version of an event of this node. Completes with false if the tier holds something as new or newer, and with
     * true also where there is no tier, or none that answers.
     */
    CompletableFuture<Boolean> applyOwn(EncodedKey key, Entry entry) {
        if (out == null) {
            return CompletableFuture.completedFuture(true);
        }
        if (!entry.isTombstone()) {
            heals.filling(key, entry.version());
        }
        return out.applyEarly(key, entry).handle((stored, failure) -> {
            if (failure != null) {
                failures.failed("apply failed", failure);
                healIfDead(key, entry);
                return true;
            }
            if (stored) {
                healIfDead(key, entry);
            }
            return stored;
        });
    }

    /** What of the tier this node mends. */
    Heals heals() {
        return heals;
    }

    /** Raises a floor for all nodes: that of a partition, or of a group of tags ({@link Tags#floorNumber}). */
    CompletableFuture<Void> raiseFloor(int number, long version) {
        return out == null
                ? DONE
                : out.raiseFloor(number, version).handle((raised, failure) -> {
                    if (failure != null) {
                        failures.failed("floor was not raised", failure);
                    }
                    return null;
                });
    }
}
