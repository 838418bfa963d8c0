package io.g2cache.chronicle;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.io.IOException;
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
    private final @Nullable Seal seal;
    private final SegmentLock lock = new SegmentLock();
    private final S3Fifo policy;
    private long freeChunks;

    /** {@code seal} marks the entries of a file; {@code hot} holds some of them decoded. */
    Segment(
            ChronicleMap<Long, byte[]> map,
            Geometry geometry,
            int index,
            LongAdder evictions,
            @Nullable HotLayer<?, ?> hot,
            @Nullable Seal seal) {
        this.map = map;
        this.geometry = geometry;
        this.index = index;
        this.evictions = evictions;
        this.seal = seal;
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

    /** What is known of the segment beside the map. */
    void walk(Image.Walk walk) throws IOException {
        policy.walk(walk);
        freeChunks = walk.number(freeChunks);
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
            policy.enter(insertNew(query, scratch, key, entry, now), deadline);
            return;
        }
        dropHot(scratch.view);
        int slot = scratch.view.slot();
        long heldChunks = geometry.chunks(scratch.view.size());
        EntryData data = scratch.entry.of(key, entry, slot, seal);
        if (geometry.chunks(data.size()) == heldChunks) {
            unmark(held);
            held.doReplaceValue(data);
            policy.deadline(slot, deadline);
            return;
        }
        boolean wasMain = policy.detach(slot);
        boolean inserted = false;
        try {
            unmark(held);
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

    /** Like {@link #store}, for an entry from before a restart: it had been worth keeping, and is tried no second time. */
    void restore(MapQueryContext<Long, byte[], ?> query, Scratch scratch, EncodedKey key, Entry entry, int now) {
        if (query.entry() != null) {
            store(query, scratch, key, entry, now);
        } else {
            policy.enterMain(insertNew(query, scratch, key, entry, now), Ticks.deadline(entry.hardDeadline()));
        }
    }

    /** Inserts and returns the new slot, which is in no queue yet. */
    private int insertNew(
            MapQueryContext<Long, byte[], ?> query, Scratch scratch, EncodedKey key, Entry entry, int now) {
        while (policy.isFull()) {
            evict(scratch, now);
        }
        int slot = policy.take(scratch.key.key());
        boolean inserted = false;
        try {
            scratch.entry.of(key, entry, slot, seal);
            insert(query, scratch, now);
            inserted = true;
        } finally {
            if (!inserted) {
                policy.free(slot);
            }
        }
        return slot;
    }

    /** Before its chunks are freed or written to: from here on nobody finds the entry after a crash. */
    private void unmark(MapEntry<Long, byte[]> entry) {
        if (seal != null) {
            Seal.clear(entry.value());
        }
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
            unmark(victim);
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
        unmark(held);
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
