package io.g2cache.hazelcast;

import io.g2cache.TierException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Source;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The writes of the shared tier as loops of compare-and-set. Hazelcast may repeat an operation after a lost connection or
 * a migration, so that it was carried out although it reports a refusal; what is held then is our own record, recognised
 * by its nonce.
 *
 * <p>Blocks; stateless and thread-safe. Every loop is bounded in rounds and ends once its caller has given up: a round is
 * only lost to another writer's success, so the bound is reached under heavy contention on one key alone.
 */
final class ConditionalWrites {
    static final int MAX_ROUNDS = 100;

    private ConditionalWrites() {}

    static OutSlot lease(CasMap<Object, Object> map, byte[] key, Duration life) {
        byte[] mine = OutRecord.lease();
        Object held = map.putIfAbsent(key, mine, life);
        boolean isMine = held == null || Objects.deepEquals(held, mine);
        return isMine ? OutSlot.newLease(mine) : OutRecord.slot(held);
    }

    static boolean fill(CasMap<Object, Object> map, byte[] key, Object token, Entry entry) {
        return replace(map, key, token, OutRecord.of(entry, Source.LOAD));
    }

    private static boolean replace(CasMap<Object, Object> map, byte[] key, Object token, byte[] mine) {
        return map.replace(key, token, mine) || Objects.deepEquals(map.get(key), mine);
    }

    static boolean confirm(CasMap<Object, Object> map, byte[] key, OutSlot slot) {
        Entry entry = Objects.requireNonNull(slot.entry(), "only an entry is confirmed");
        Object token = Objects.requireNonNull(slot.token(), "what is held is its slot's token");
        return replace(map, key, token, OutRecord.of(entry, Source.EVENT));
    }

    /**
     * A tombstone goes where nothing is held at once, a value only in the place of a placeholder: what comes late must not
     * put it where a newer tombstone has been evicted meanwhile. A tombstone that comes late does no harm there, but says nothing of
     * what has been there either: it is early, like what is put there out of the log's order.
     */
    static boolean apply(
            CasMap<Object, Object> map,
            byte[] key,
            Entry entry,
            boolean isEarly,
            Duration leaseLife,
            BooleanSupplier givenUp) {
        byte[] overNothing = entry.isTombstone() ? OutRecord.of(entry, Source.EARLY) : null;
        byte[] mine = null;
        for (int round = 0; round < MAX_ROUNDS && !givenUp.getAsBoolean(); round++) {
            OutSlot seen = overNothing == null ? lease(map, key, leaseLife) : tombstone(map, key, overNothing);
            Object held = Objects.requireNonNull(seen.token(), "what is held is its slot's token");
            if (Objects.deepEquals(held, mine) || Objects.deepEquals(held, overNothing)) {
                return true;
            }
            if (!seen.givesWayTo(entry)) {
                return false;
            }
            mine = OutRecord.of(entry, isEarly ? seen.early() : Source.EVENT);
            if (!givenUp.getAsBoolean() && map.replace(key, held, mine)) {
                return true;
            }
        }
        throw lost("apply");
    }

    private static OutSlot tombstone(CasMap<Object, Object> map, byte[] key, byte[] mine) {
        Object held = map.putIfAbsent(key, mine);
        return OutRecord.slot(held == null ? mine : held);
    }

    /** Publishes a progress over the one that is known, or over nothing. What is held afterwards decides, as in a fill. */
    static boolean publish(CasMap<Object, Object> map, int partition, @Nullable OutProgress known, OutProgress next) {
        byte[] mine = ProgressRecord.of(next);
        if (known == null) {
            Object held = map.putIfAbsent(partition, mine);
            return held == null || Objects.deepEquals(held, mine);
        }
        return map.replace(partition, ProgressRecord.of(known), mine) || Objects.deepEquals(map.get(partition), mine);
    }

    static void raise(CasMap<Integer, Long> floors, int number, long version, BooleanSupplier givenUp) {
        for (int round = 0; round < MAX_ROUNDS && !givenUp.getAsBoolean(); round++) {
            Long held = floors.putIfAbsent(number, version);
            if (held == null || held >= version || floors.replace(number, held, version)) {
                return;
            }
        }
        throw lost("raiseFloor");
    }

    private static TierException lost(String what) {
        return new TierException("hazelcast " + what + " lost every round to other writers, or its caller gave up;"
                + " maxRounds=" + MAX_ROUNDS);
    }
}
