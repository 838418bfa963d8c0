package io.g2cache.chronicle;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.util.concurrent.atomic.LongAdder;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.MapQueryContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes of one segment of the map: keeps what {@link S3Fifo} knows in step with what the map holds, and makes room.
 *
 * <p>A value is replaced in place only where it takes as many chunks as before. Any other is removed first and then
 * inserted, because Chronicle frees the old chunks of a value that grows before it finds out that there are no new ones.
 * Victims are removed in query contexts of their own, nested in the caller's, which notices and looks up its place anew.
 *
 * <p>Concurrency: every method but {@link #policy} and {@link #lock} is called by a thread that holds the lock for writing.
 * Chronicle takes its own write lock besides, which nobody contends for.
 */
final class Segment {
    private final ChronicleMap<Long, byte[]> map;
    private final Geometry geometry;
    private final LongAdder evictions;
    private final int index;
    private final @Nullable HotLayer<?, ?> hot;
    private final SegmentLock lock = new SegmentLock();
    private final S3Fifo policy;
    private long freeChunks;

    Segment(
            ChronicleMap<Long, byte[]> map,
            Geometry geometry,
            int index,
            LongAdder evictions,
            @Nullable HotLayer<?, ?> hot) {
        this.map = map;
        this.geometry = geometry;
        this.index = index;
        this.evictions = evictions;
        this.hot = hot;
        policy = new S3Fifo(geometry.entriesOf(index));
        freeChunks = geometry.segmentChunks();
    }

    /** Guards the segment in the map and this object. */
    SegmentLock lock() {
        return lock;
    }

    S3Fifo policy() {
        return policy;
    }

    /** Chunks that hold no entry. */
    long freeChunks() {
        return freeChunks;
    }

    /**
     * Stores an entry of at most {@link Geometry#maximumSize}.
     *
     * @param query the query for the scratch's key; what it finds is opened in the scratch's view
     * @param now time up to which deadlines are known to have passed, in {@link Ticks}
     */
    void store(MapQueryContext<Long, byte[], ?> query, Scratch scratch, EncodedKey key, Entry entry, int now) {
        MapEntry<Long, byte[]> held = query.entry();
        int deadline = Ticks.deadline(entry.hardDeadline());
        if (held == null) {
            insertNew(query, scratch, key, entry, deadline, now);
            return;
        }
        dropHot(scratch.view);
        int slot = scratch.view.slot();
        long heldChunks = geometry.chunks(scratch.view.size());
        EntryData data = scratch.entry.of(key, entry, slot);
        if (geometry.chunks(data.size()) == heldChunks) {
            held.doReplaceValue(data);
            policy.deadline(slot, deadline);
            return;
        }
        boolean wasMain = policy.detach(slot);
        boolean inserted = false;
        try {
            held.doRemove();
            freeChunks += heldChunks;
            insert(query, scratch, now);
            inserted = true;
        } finally {
            if (!inserted) {
                policy.free(slot);
            }
        }
        policy.attach(slot, wasMain, deadline);
    }

    private void insertNew(
            MapQueryContext<Long, byte[], ?> query,
            Scratch scratch,
            EncodedKey key,
            Entry entry,
            int deadline,
            int now) {
        while (policy.isFull()) {
            evict(scratch, now);
        }
        int slot = policy.take(scratch.key.key());
        boolean inserted = false;
        try {
            scratch.entry.of(key, entry, slot);
            insert(query, scratch, now);
            inserted = true;
        } finally {
            if (!inserted) {
                policy.free(slot);
            }
        }
        policy.enter(slot, deadline);
    }

    /** Inserts the scratch's entry under the queried key, which the map does not hold, evicting until it fits. */
    private void insert(MapQueryContext<Long, byte[], ?> query, Scratch scratch, int now) {
        long chunks = geometry.chunks(scratch.entry.size());
        makeRoom(scratch, chunks, now);
        while (!tryInsert(query, scratch.entry)) {
            makeRoom(scratch, freeChunks + Math.max(1, chunks / 4), now);
        }
        freeChunks -= chunks;
    }

    private void makeRoom(Scratch scratch, long chunks, int now) {
        while (freeChunks < Math.min(chunks, geometry.segmentChunks())) {
            evict(scratch, now);
        }
    }

    /** False where no run of free chunks is long enough. */
    private boolean tryInsert(MapQueryContext<Long, byte[], ?> query, EntryData data) {
        try {
            query.absentEntry().doInsert(data);
            return true;
        } catch (IllegalStateException e) {
            if (freeChunks == geometry.segmentChunks()) {
                throw e;
            }
            return false;
        }
    }

    private void evict(Scratch scratch, int now) {
        int slot = policy.victim(now);
        if (slot == S3Fifo.NONE) {
            throw new IllegalStateException("nothing to evict: slots=" + policy.size() + ", freeChunks=" + freeChunks
                    + ", segmentChunks=" + geometry.segmentChunks());
        }
        try (var query = map.queryContext(scratch.victim.of(policy.keyOf(slot)))) {
            query.writeLock().lock();
            MapEntry<Long, byte[]> victim = query.entry();
            if (victim == null) {
                throw new IllegalStateException("no entry for slot=" + slot + " of slots=" + policy.size());
            }
            if (hot != null && hot.mayHold(index, slot)) {
                scratch.victimView.open(victim.value());
                hot.drop(index, scratch.victimView);
            }
            long chunks = geometry.chunks(victim.value().size());
            victim.doRemove();
            freeChunks += chunks;
        }
        policy.evicted(slot);
        evictions.increment();
    }

    /** Removes an entry that is opened in the view. */
    void remove(MapEntry<Long, byte[]> held, EntryView view) {
        dropHot(view);
        int slot = view.slot();
        long chunks = geometry.chunks(view.size());
        held.doRemove();
        freeChunks += chunks;
        policy.free(slot);
    }

    /** Before the entry in the view changes or goes. */
    private void dropHot(EntryView view) {
        if (hot != null) {
            hot.drop(index, view);
        }
    }
}
