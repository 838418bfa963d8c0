package io.g2cache.chronicle;

import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;

/**
 * The segments of a map, and what goes over all of them. Thread-safe: whatever touches an entry holds the lock of its
 * segment; writers are inside the gate.
 */
final class SegmentTable {
    /** Places looked at by one clean-up: some milliseconds. */
    static final int SWEEP_PLACES = 1 << 14;

    private final ChronicleMap<Long, byte[]> map;
    private final MapMemory memory;
    private final Segment[] segments;
    private final Geometry geometry;
    private final Gate gate;
    private final AtomicLong sweepPlace = new AtomicLong();
    private final AtomicLong samplePlace = new AtomicLong();

    SegmentTable(ChronicleMap<Long, byte[]> map, MapMemory memory, Segment[] segments, Geometry geometry, Gate gate) {
        this.map = map;
        this.memory = memory;
        this.segments = segments;
        this.geometry = geometry;
        this.gate = gate;
    }

    /** A query for a map key under the write lock of its segment, which the scratch gives back when it is closed. */
    ExternalMapQueryContext<Long, byte[], ?> query(Scratch scratch, long mapKey) {
        scratch.lockWrite(segments[memory.segment(memory.hash(mapKey))].lock());
        return map.queryContext(scratch.key.of(mapKey));
    }

    /** Drops every entry. */
    boolean dropAll() {
        for (Segment segment : segments) {
            S3Fifo policy = segment.policy();
            for (int slot = 0; slot < policy.capacity() && !gate.isClosed(); slot++) {
                if (policy.isTaken(slot)) {
                    dropIf(policy.keyOf(slot), view -> true);
                }
            }
        }
        return true;
    }

    /** Looks at the next {@value #SWEEP_PLACES} places at most, and drops what is unwanted there. */
    boolean sweep(Predicate<EntryView> unwanted) {
        long places = (long) segments.length * geometry.segmentEntries();
        long count = Math.min(places, SWEEP_PLACES);
        long first = sweepPlace.getAndAdd(count);
        for (long i = first; i < first + count && !gate.isClosed(); i++) {
            long place = Math.floorMod(i, places);
            S3Fifo policy = segments[(int) (place / geometry.segmentEntries())].policy();
            int slot = (int) (place % geometry.segmentEntries());
            if (slot < policy.capacity() && policy.isTaken(slot)) {
                dropIf(policy.keyOf(slot), unwanted);
            }
        }
        return true;
    }

    /** The keys at the next places that hold something; looks at {@value #SWEEP_PLACES} places at most. */
    List<byte[]> sample(int most) {
        long places = (long) segments.length * geometry.segmentEntries();
        long looks = Math.min(places, SWEEP_PLACES);
        List<byte[]> keys = new ArrayList<>(most);
        for (long i = 0; i < looks && keys.size() < most && !gate.isClosed(); i++) {
            long place = Math.floorMod(samplePlace.getAndIncrement(), places);
            S3Fifo policy = segments[(int) (place / geometry.segmentEntries())].policy();
            int slot = (int) (place % geometry.segmentEntries());
            if (slot < policy.capacity() && policy.isTaken(slot)) {
                addKey(policy.keyOf(slot), keys);
            }
        }
        return keys;
    }

    private void addKey(long mapKey, List<byte[]> keys) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch != null) {
            try (scratch) {
                boolean unused = matches(scratch, mapKey, view -> {
                    ByteBuffer key = view.key();
                    byte[] copy = new byte[key.remaining()];
                    key.get(copy);
                    return keys.add(copy);
                });
            }
        }
    }

    /** The key was read without the lock and may be another by now, which is as good to look at. */
    private void dropIf(long mapKey, Predicate<EntryView> unwanted) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return;
        }
        try (scratch) {
            if (!matches(scratch, mapKey, unwanted)) {
                return;
            }
            try (var query = query(scratch, mapKey)) {
                query.writeLock().lock();
                MapEntry<Long, byte[]> held = query.entry();
                if (held == null) {
                    return;
                }
                EntryView view = scratch.view;
                view.open(held.value());
                if (unwanted.test(view)) {
                    segments[query.segmentIndex()].remove(held, view);
                }
            }
        }
    }

    /** A look that keeps no reader out. */
    private boolean matches(Scratch scratch, long mapKey, Predicate<EntryView> wanted) {
        long hash = memory.hash(mapKey);
        int index = memory.segment(hash);
        SegmentLock lock = segments[index].lock();
        lock.lockRead(scratch.isNested());
        try {
            return memory.open(scratch.view, index, hash, mapKey) && wanted.test(scratch.view);
        } finally {
            lock.unlockRead();
        }
    }

    /** Slots taken. */
    long size() {
        long size = 0;
        for (Segment segment : segments) {
            size += segment.policy().size();
        }
        return size;
    }

    /** What is known beside the map. */
    void walk(Image.Walk walk) throws IOException {
        for (Segment segment : segments) {
            segment.walk(walk);
        }
    }

    /** Waits until each segment has been free once; false if the time is over before. */
    boolean awaitFree(long limitNanos) {
        long start = TimeSource.SYSTEM.monotonicNanos();
        for (Segment segment : segments) {
            if (!segment.lock().tryLockWrite(limitNanos - (TimeSource.SYSTEM.monotonicNanos() - start))) {
                return false;
            }
            segment.lock().unlockWrite();
        }
        return true;
    }
}
