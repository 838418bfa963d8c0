package io.g2cache.internal;

import io.g2cache.InvalidValueException;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a value between its source and the tiers: the stamp before the load, the fenced fills after it, and the
 * copy of an out-tier hit, which is a fill too. Thread-safe; nothing blocks.
 */
final class FillPath<K, V> {
    /** Entries of any age will do. */
    static final long ANY_AGE = Long.MIN_VALUE;

    private final String cache;
    private final String nodeId;
    private final Tiers<K, V> tiers;
    private final Sequencer sequencer;
    private final ValueEncoder<K, V> values;
    private final Deadlines deadlines;
    private final TimeSource time;
    private final @Nullable Lifetime absentLifetime;
    private final boolean publishLoads;
    private final Executor publisher;
    private final LimitedLog log;

    FillPath(
            String cache,
            String nodeId,
            Tiers<K, V> tiers,
            Sequencer sequencer,
            ValueEncoder<K, V> values,
            Deadlines deadlines,
            TimeSource time,
            @Nullable Lifetime absentLifetime,
            boolean publishLoads,
            Executor publisher,
            LimitedLog log) {
        this.cache = cache;
        this.nodeId = nodeId;
        this.tiers = tiers;
        this.sequencer = sequencer;
        this.values = values;
        this.deadlines = deadlines;
        this.time = time;
        this.absentLifetime = absentLifetime;
        this.publishLoads = publishLoads && sequencer.isShared();
        this.publisher = publisher;
        this.log = log;
    }

    /**
     * What a load was allowed before it read its source.
     *
     * @param lease what the out tier's fill is compared with; null if there is no fill
     * @param stamp the version that the value will have
     * @param bornMillis from when on its lifetime counts
     */
    record Permit(@Nullable OutSlot lease, long stamp, long bornMillis) {}

    /** Takes the stamp. The source is read after this. */
    Permit permit(EncodedKey key, @Nullable OutSlot lease) {
        long position = sequencer.stamp(key.partition());
        long held = lease == null ? position : lease.version();
        return new Permit(lease, Math.max(position, held), time.wallMillis());
    }

    /**
     * What an out-tier slot has for the key, copied to the local tier; null if it is a miss.
     *
     * @param youngMillis the moment that must lie before its soft deadline; {@link #ANY_AGE} for no such moment
     * @param keptMillis for how long after its hard deadline it will do
     * @param fillFloorBefore the fill floor of the key before the slot was read
     */
    @Nullable
    Found<V> accept(EncodedKey key, @Nullable OutSlot slot, long youngMillis, long keptMillis, long fillFloorBefore) {
        if (tiers.isRetired()) {
            return null;
        }
        Entry entry = tiers.out().usable(key, slot, tiers.heldVersion(key), time.wallMillis() - keptMillis);
        if (entry == null || youngMillis >= entry.softDeadline()) {
            return null;
        }
        Found<V> found = values.decode(entry);
        if (found != null) {
            tiers.copyLocal(key, entry, fillFloorBefore);
        }
        return found;
    }

    /**
     * Stores a loaded value where nothing newer is known. Completes when the out tier was tried; fails with a
     * {@link LoadException} if the value cannot be stored at all.
     */
    CompletableFuture<Found<V>> store(K userKey, EncodedKey key, Permit permit, Lifetime lifetime, @Nullable V value) {
        Entry entry;
        try {
            entry = entry(userKey, permit, lifetime, value);
        } catch (InvalidValueException e) {
            return CompletableFuture.failedFuture(
                    new LoadException("the loader of " + key + " gave a value that cannot be cached", e));
        }
        if (entry == null) {
            return CompletableFuture.completedFuture(Found.nothing());
        }
        if (tiers.isDead(key) || tiers.isRetired()) {
            return CompletableFuture.completedFuture(new Found<>(value, entry));
        }
        return tiers.out().fill(key, permit.lease(), entry).thenApply(filled -> {
            tiers.fillLocal(key, entry);
            if (publishLoads) {
                publisher.execute(() -> publish(key, entry));
            }
            return new Found<>(value, entry);
        });
    }

    private @Nullable Entry entry(K userKey, Permit permit, Lifetime lifetime, @Nullable V value) {
        if (value != null) {
            return deadlines.value(permit.stamp, permit.bornMillis, lifetime, values.encode(userKey, value));
        }
        return absentLifetime == null ? null : deadlines.absent(permit.stamp, permit.bornMillis, absentLifetime);
    }

    /** An append may wait for the log's client for a moment; no reader waits for that. */
    private void publish(EncodedKey key, Entry entry) {
        try {
            var unused = sequencer
                    .append(
                            key.partition(),
                            new Event.Loaded(
                                    cache, key.bytes(), nodeId, tiers.seals().seal(key, entry)))
                    .whenComplete((appended, failure) -> {
                        if (failure != null) {
                            log.warn("cache=" + cache + ": a load was not published", failure);
                        }
                    });
        } catch (RuntimeException e) {
            log.warn("cache=" + cache + ": a load was not published", e);
        }
    }

    /** A value of the caller's own, for those who joined somebody else's load. */
    Found<V> copied(Found<V> found) {
        V value = found.value();
        if (value == null) {
            return found;
        }
        Entry entry = found.entry();
        Found<V> copy = entry != null ? values.decode(entry) : new Found<>(values.copy(value), null);
        return copy == null || copy.value() == null ? found : copy;
    }
}
