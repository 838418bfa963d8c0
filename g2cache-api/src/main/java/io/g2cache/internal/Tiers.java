package io.g2cache.internal;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The tiers of one cache, under the rules: every change of the local tier passes the fence, and a tier that fails costs a
 * miss, is counted and logged, and breaks nothing. Thread-safe.
 */
final class Tiers<K, V> {
    private final LocalCache<K, V> local;
    private final OutPath out;
    private final FillFence fence;
    private final Admission admission;
    private final ServingGate gate;
    private final StatsRecorder stats;
    private final LimitedLog log;
    private volatile boolean broken;

    Tiers(
            LocalCache<K, V> local,
            OutPath out,
            FillFence fence,
            CacheFloors floors,
            ServingGate gate,
            StatsRecorder stats,
            LimitedLog log) {
        this.local = local;
        this.out = out;
        this.fence = fence;
        this.admission = fence.admission(floors);
        this.gate = gate;
        this.stats = stats;
        this.log = log;
    }

    LocalCache<K, V> local() {
        return local;
    }

    OutPath out() {
        return out;
    }

    /** The hot path: an alive value before its soft deadline, or null. */
    @Nullable
    V hot(K key, long nowMillis) {
        if (broken || !gate.isOpen(nowMillis)) {
            return null;
        }
        try {
            return local.get(key, nowMillis);
        } catch (RuntimeException e) {
            localFailed("local tier failed to read a key", e);
            return null;
        }
    }

    /** What the local tier holds and may serve, obsolete entries included; null if nothing. */
    @Nullable
    LocalEntry<V> held(EncodedKey key, long nowMillis) {
        if (broken || !gate.isOpen(nowMillis)) {
            return null;
        }
        try {
            LocalEntry<V> held = local.find(key);
            return held != null && nowMillis < held.hardDeadline() ? held : null;
        } catch (RuntimeException e) {
            localFailed("local tier failed to read a key, which is dropped there", e);
            drop(key);
            return null;
        }
    }

    /** The version that the local tier holds; {@link RecentVersions#NONE} if nothing. */
    long heldVersion(EncodedKey key) {
        try {
            LocalEntry<V> held = local.find(key);
            return held == null ? RecentVersions.NONE : held.version();
        } catch (RuntimeException e) {
            localFailed("local tier failed to read a key", e);
            return RecentVersions.NONE;
        }
    }

    /** Stores what a load, another node's load or the out tier gave, unless something newer is known. */
    void fillLocal(EncodedKey key, Entry entry) {
        try {
            if (!local.fill(key, entry, admission)) {
                stats.count(Counter.FILL_REJECTED);
            }
        } catch (RuntimeException e) {
            localFailed("local tier refused an entry", e);
            drop(key);
        }
    }

    /** Applies an event of the key to what this node knows and to its local tier. */
    void applyLocal(EncodedKey key, Entry entry) {
        fence.record(key, entry.version());
        try {
            if (entry.isTombstone()) {
                local.remove(key, entry.version());
            } else {
                local.apply(key, entry, admission);
            }
        } catch (RuntimeException e) {
            localFailed("local tier refused an event's value", e);
            drop(key);
        }
    }

    /** Drops what is held for the key, which is always safe; a tier that fails even at that is not read any more. */
    void drop(EncodedKey key) {
        try {
            local.discard(key);
        } catch (RuntimeException e) {
            broken = true;
            stats.count(Counter.LOCAL_FAILURE);
            log.error("local tier failed to drop " + key + " and is not read any more", e);
        }
    }

    /** Applies this node's own event, which the log has acknowledged; completes when the out tier was tried. */
    CompletableFuture<Void> applyOwn(EncodedKey key, Entry entry) {
        applyLocal(key, entry);
        return out.apply(key, entry);
    }

    private void localFailed(String message, RuntimeException failure) {
        stats.count(Counter.LOCAL_FAILURE);
        log.warn(message, failure);
    }
}
