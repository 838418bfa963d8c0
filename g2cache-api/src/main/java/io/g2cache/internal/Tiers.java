package io.g2cache.internal;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.ValueFormat;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The tiers of one cache, under the rules: every change of the local tier passes the fence, and a tier that fails costs a
 * miss, is counted and logged, and breaks nothing; nor does whatever a codec throws inside it. Thread-safe.
 */
final class Tiers<K, V> {
    private final LocalCache<K, V> local;
    private final OutPath out;
    private final Seals seals;
    private final FillFence fence;
    private final CacheFloors floors;
    private final Admission admission;
    private final Admission replayAdmission;
    private final ServingGate gate;
    private final Handover handover;
    private final StatsRecorder stats;
    private final LimitedLog log;

    Tiers(
            LocalCache<K, V> local,
            OutPath out,
            Seals seals,
            FillFence fence,
            CacheFloors floors,
            ServingGate gate,
            StatsRecorder stats,
            LimitedLog log) {
        this.local = local;
        this.out = out;
        this.seals = seals;
        this.fence = fence;
        this.floors = floors;
        this.admission = fence.admission(floors);
        this.replayAdmission =
                (key, version) -> !fence.dead().isDead(key, floors) && floors.floor(key.partition()) <= version;
        this.gate = gate;
        this.handover = new Handover(floors.partitions());
        this.stats = stats;
        this.log = log;
    }

    LocalCache<K, V> local() {
        return local;
    }

    OutPath out() {
        return out;
    }

    /** What values are sealed with that leave the node for the log. */
    Seals seals() {
        return seals;
    }

    CacheFloors floors() {
        return floors;
    }

    /** Until when local hits may be served. */
    ServingGate gate() {
        return gate;
    }

    /** Who applies the log's events to the local tier. */
    Handover handover() {
        return handover;
    }

    /** Whether no tier is used or filled any more: the log's history has ended, or the cache was closed. */
    boolean isRetired() {
        return gate.isRetired();
    }

    /** Drops the floors of tags that nothing is left for, and tells of those that had to go early. */
    void tidyTags() {
        long forcedOut = floors.tidyTags();
        for (long i = 0; i < forcedOut; i++) {
            stats.count(Counter.TAG_FLOOR_OVERFLOW);
        }
        if (forcedOut > 0) {
            log.error("more tags were invalidated than tagFloorCapacity allows: floors forgotten early=" + forcedOut
                    + "; everything older in their partitions is dropped instead");
        }
    }

    /** The hot path: an alive value that is before its soft deadline for so much longer still, or null. */
    @Nullable
    V hot(K key, long nowMillis, long aheadMillis) {
        if (!gate.isOpen(nowMillis)) {
            return null;
        }
        try {
            return local.get(key, nowMillis + aheadMillis);
        } catch (Throwable e) {
            localFailed("local tier failed to read a key", e);
            return null;
        }
    }

    /** What the local tier holds and may serve, obsolete entries included; null if nothing. */
    @Nullable
    LocalEntry<V> held(EncodedKey key, long nowMillis) {
        return held(key, nowMillis, 0);
    }

    /** The same, also for so long after the hard deadline. */
    @Nullable
    LocalEntry<V> held(EncodedKey key, long nowMillis, long keptMillis) {
        if (!gate.isOpen(nowMillis)) {
            stats.count(Counter.LOCAL_WITHHELD);
            return null;
        }
        try {
            LocalEntry<V> held = local.find(key);
            return held != null && nowMillis - keptMillis < held.hardDeadline() ? held : null;
        } catch (Throwable e) {
            localFailed("local tier failed to read a key, which is dropped there", e);
            discard(key);
            return null;
        }
    }

    /** The version that the local tier holds; {@link RecentVersions#NONE} if nothing. */
    long heldVersion(EncodedKey key) {
        LocalEntry<V> held = peek(key);
        return held == null ? RecentVersions.NONE : held.version();
    }

    /** What the local tier holds, whether it may be served or not; null if nothing. */
    @Nullable
    LocalEntry<V> peek(EncodedKey key) {
        try {
            return local.find(key);
        } catch (Throwable e) {
            localFailed("local tier failed to read a key", e);
            return null;
        }
    }

    /** Stores what a load of this or another node gave, unless something newer is known. */
    void fillLocal(EncodedKey key, Entry entry) {
        fillLocal(key, entry, admission);
    }

    /** Stores what another node has loaded and published, unless something newer is known, or it does not open. */
    void applyLoaded(EncodedKey key, Entry published) {
        Entry entry = seals.open(key, published);
        if (!entry.isTombstone()) {
            fillLocal(key, entry, admission);
        }
    }

    /** Stores what the out tier gave, unless something newer is known; the fill floor was taken before the out tier was read. */
    void copyLocal(EncodedKey key, Entry entry, long fillFloorBefore) {
        fillLocal(key, entry, fence.copyAdmission(floors, fillFloorBefore));
    }

    /** What {@link #copyLocal} needs to know from before the read. */
    long fillFloor(EncodedKey key) {
        return fence.fillFloor(key);
    }

    private void fillLocal(EncodedKey key, Entry entry, Admission admits) {
        try {
            if (!local.fill(key, entry, withTags(entry, admits))) {
                stats.count(Counter.FILL_REJECTED);
            }
        } catch (Throwable e) {
            localFailed("local tier refused an entry", e);
            discard(key);
        }
    }

    /** An entry with tags is stored only above the floors of each of them, too. */
    private Admission withTags(Entry entry, Admission admits) {
        long[] tags = ValueFormat.tags(entry);
        return tags == null
                ? admits
                : (key, version) -> floors.isAlive(key.partition(), version, tags) && admits.admits(key, version);
    }

    /**
     * Applies an event of the key to what this node knows and to its local tier. Where the tier fails to drop what the event
     * has made invalid, everything older in its partition is dead.
     */
    void applyLocal(EncodedKey key, Entry entry) {
        fence.record(key, entry.version());
        toLocal(key, entry, admission);
    }

    /**
     * Applies an event that the tailer has brought and this node knows of already. While a replay applies events, the tailer
     * leaves the value to it, and only drops what is older: the replay may have been here before, and a load from before the event
     * may have been stored since, which nothing else would take away. Returns what was applied, opened.
     */
    Entry applyTailed(EncodedKey key, Entry entry) {
        if (!handover.isTailersTurn(key.partition(), entry.version())) {
            Entry tombstone = Entry.tombstone(entry.version());
            toLocal(key, tombstone, admission);
            return tombstone;
        }
        Entry opened = seals.open(key, entry);
        toLocal(key, opened, admission);
        return opened;
    }

    /** Applies an event of a replay, in the log's order, before the tailer has taken over: only a floor refuses it. */
    void applyReplayed(EncodedKey key, Entry entry) {
        toLocal(key, seals.open(key, entry), replayAdmission);
    }

    /** Applies an event of a replay after the tailer has taken over, or of a redo; it may be older than what the tailer has applied. */
    void applyLate(EncodedKey key, Entry entry) {
        toLocal(key, seals.open(key, entry), admission);
    }

    private void toLocal(EncodedKey key, Entry entry, Admission admits) {
        try {
            if (entry.isTombstone()) {
                local.remove(key, entry.version());
            } else {
                local.apply(key, entry, withTags(entry, admits));
            }
        } catch (Throwable e) {
            localFailed("local tier refused an event's value", e);
            if (!discard(key)) {
                floors.raiseLocal(key.partition(), entry.version());
            }
        }
    }

    /**
     * Drops whatever the local tier holds for the key; false if it failed. A tier that cannot even do that, such as for a
     * key that its codec cannot read, must not stop the log.
     */
    boolean discard(EncodedKey key) {
        try {
            local.discard(key);
            return true;
        } catch (Throwable e) {
            localFailed("local tier failed to drop a key", e);
            return false;
        }
    }

    /** Drops whatever the local tier holds. */
    void discardAll() {
        try {
            local.discardAll();
        } catch (Throwable e) {
            localFailed("local tier failed to drop everything", e);
        }
    }

    /** Whether a write of the key waits for the log, so that nothing is stored for it. */
    boolean isDead(EncodedKey key) {
        return fence.dead().isDead(key, floors);
    }

    /**
     * Applies this node's own event, which the log has acknowledged. Completes when the out tier was tried: with false if it
     * holds something as new or newer.
     */
    CompletableFuture<Boolean> applyOwn(EncodedKey key, Entry entry) {
        applyLocal(key, entry);
        return out.applyOwn(key, entry);
    }

    private void localFailed(String message, Throwable failure) {
        stats.count(Counter.LOCAL_FAILURE);
        log.warn(message, failure);
    }
}
