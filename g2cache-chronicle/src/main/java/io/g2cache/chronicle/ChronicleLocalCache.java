package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map as a local tier.
 *
 * <p>Concurrency: every access to the map's memory happens under the {@link SegmentLock} of one segment. {@link Reads} share it while
 * they decode. Writes have it alone from the check to the store, the
 * admission included, and use a query context of the map, in a platform thread. They are inside the {@link Gate} besides;
 * {@link #close} shuts it, waits until all writers have left, and then until each segment has been free once: a reader that
 * comes later finds the gate closed. Only then is the map closed. (Chronicle waits for calls too, but looks into their contexts
 * meanwhile, and keeps a failure to itself.)
 */
final class ChronicleLocalCache<K, V> implements LocalCache<K, V> {
    /** Places looked at by one clean-up: some milliseconds. */
    private static final int SWEEP_PLACES = 1 << 14;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Floors floors;
    private final int maximumValueBytes;
    final Geometry geometry;
    private final long maximumSize;
    final ChronicleMap<Long, byte[]> map;
    private final MapMemory memory;
    final Segment[] segments;
    final @Nullable HotLayer<K, V> hot;
    private final LongAdder evictions = new LongAdder();
    private final Reads<K, V> reads;
    private final AtomicLong sweepPlace = new AtomicLong();
    private final Gate gate = new Gate();
    private volatile int knownNow = Ticks.NEVER;

    ChronicleLocalCache(LocalContext<K, V> context, Geometry geometry, long seed, HotLayer.Option option) {
        name = context.cache();
        floors = context.floors();
        maximumValueBytes = context.maximumValueBytes();
        this.geometry = geometry;
        maximumSize = geometry.maximumSize();
        segments = new Segment[geometry.segments()];
        hot = HotLayer.open(context, geometry, option);
        map = create(name, geometry);
        memory = new MapMemory(map, seed);
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(map, geometry, i, evictions, hot);
        }
        reads = new Reads<>(context, memory, segments, gate, hot);
    }

    private static ChronicleMap<Long, byte[]> create(String name, Geometry geometry) {
        return ChronicleMapBuilder.of(Long.class, byte[].class)
                .name(name)
                .averageValueSize(geometry.averageBytes())
                .entries(geometry.maximumEntries())
                .actualSegments(geometry.segments())
                .entriesPerSegment(geometry.segmentEntries())
                .actualChunkSize(geometry.chunkBytes())
                .actualChunksPerSegmentTier(geometry.segmentChunks())
                .maxChunksPerEntry(geometry.segmentChunks())
                .allowSegmentTiering(false)
                .checksumEntries(false)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .skipCloseOnExitHook(true)
                .create();
    }

    @Override
    public @Nullable V get(K key, long nowMillis) {
        return reads.get(key, nowMillis);
    }

    @Override
    public @Nullable LocalEntry<V> find(EncodedKey key) {
        return reads.find(key);
    }

    /** Opens what is held if it is of this key and alive. */
    private boolean open(EntryView view, @Nullable MapEntry<Long, byte[]> held, EncodedKey key) {
        if (held == null) {
            return false;
        }
        view.open(held.value());
        return reads.isAlive(view, key.bytes(), key.bytes().length);
    }

    /** A query for a map key under the write lock of its segment, which the scratch gives back when it is closed. */
    private ExternalMapQueryContext<Long, byte[], ?> query(Scratch scratch, long mapKey) {
        scratch.lockWrite(segments[memory.segment(memory.hash(mapKey))].lock());
        return map.queryContext(scratch.key.of(mapKey));
    }

    @Override
    public boolean fill(EncodedKey key, Entry entry, Admission admission) {
        return PlatformThreads.run(() -> store(key, entry, admission, 0, false));
    }

    @Override
    public boolean apply(EncodedKey key, Entry entry, Admission admission) {
        return PlatformThreads.run(() -> store(key, entry, admission, 1, true));
    }

    /** Stores if the version held plus the lead is not above the entry's. */
    private boolean store(EncodedKey key, Entry entry, Admission admission, int lead, boolean isEvent) {
        requireFits(key, entry, lead);
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return false;
        }
        try (scratch;
                var query = query(scratch, memory.mapKey(key.hash()))) {
            query.writeLock().lock();
            MapEntry<Long, byte[]> held = query.entry();
            boolean alive = open(scratch.view, held, key);
            if (alive && scratch.view.version() + lead > entry.version()) {
                return false;
            }
            Segment segment = segments[query.segmentIndex()];
            if (admission.admits(key, entry.version())) {
                segment.store(query, scratch, key, entry, knownNow);
                return true;
            }
            if (isEvent && alive) {
                segment.remove(held, scratch.view);
            }
            return false;
        }
    }

    /** Refuses what is too large; what it would have replaced goes, for it must not outlive it. */
    private void requireFits(EncodedKey key, Entry entry, int lead) {
        byte[] value = entry.value();
        int valueBytes = value == null ? 0 : value.length;
        long size = EntryLayout.size(key.bytes().length, valueBytes);
        if (valueBytes > maximumValueBytes || size > maximumSize) {
            removeIf(key, entry.version() + 1 - lead, false);
            throw new TierException("cache=" + name + " " + key + ": value bytes=" + valueBytes
                    + " (maximumValueBytes=" + maximumValueBytes + "), entry bytes=" + size + " (limit=" + maximumSize
                    + " for maximumEntries=" + geometry.maximumEntries() + ", segments=" + geometry.segments() + ")");
        }
        EntryLayout.kind(entry);
    }

    @Override
    public boolean remove(EncodedKey key, long version) {
        return PlatformThreads.run(() -> removeIf(key, version, false));
    }

    @Override
    public void discard(EncodedKey key) {
        PlatformThreads.run(() -> removeIf(key, 0, true));
    }

    @Override
    public void discardAll() {
        PlatformThreads.run(this::dropAll);
    }

    private boolean dropAll() {
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

    private boolean removeIf(EncodedKey key, long version, boolean always) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return false;
        }
        try (scratch;
                var query = query(scratch, memory.mapKey(key.hash()))) {
            query.writeLock().lock();
            MapEntry<Long, byte[]> held = query.entry();
            if (held == null) {
                return false;
            }
            scratch.view.open(held.value());
            if (!scratch.view.isOf(key.bytes(), key.bytes().length) || (!always && scratch.view.version() >= version)) {
                return false;
            }
            segments[query.segmentIndex()].remove(held, scratch.view);
            return true;
        }
    }

    @Override
    public long estimatedSize() {
        long size = 0;
        if (!gate.isClosed()) {
            for (Segment segment : segments) {
                size += segment.policy().size();
            }
        }
        return size;
    }

    @Override
    public long evictions() {
        return evictions.sum();
    }

    /** Looks at the next {@value #SWEEP_PLACES} places at most, and drops what is expired or dead there. */
    @Override
    public void cleanUp(long nowMillis) {
        PlatformThreads.run(() -> sweep(nowMillis));
    }

    private boolean sweep(long nowMillis) {
        knownNow = Ticks.now(nowMillis);
        long places = (long) segments.length * geometry.segmentEntries();
        long count = Math.min(places, SWEEP_PLACES);
        long first = sweepPlace.getAndAdd(count);
        for (long i = first; i < first + count && !gate.isClosed(); i++) {
            long place = Math.floorMod(i, places);
            S3Fifo policy = segments[(int) (place / geometry.segmentEntries())].policy();
            int slot = (int) (place % geometry.segmentEntries());
            if (slot < policy.capacity() && policy.isTaken(slot)) {
                dropIf(
                        policy.keyOf(slot),
                        view -> nowMillis >= view.hardDeadline() || view.version() < floors.floor(view.partition()));
            }
        }
        return true;
    }

    /** The key was read without the lock and may be another by now, which is as good to look at. */
    private void dropIf(long mapKey, Predicate<EntryView> unwanted) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return;
        }
        try (scratch) {
            if (!isUnwanted(scratch, mapKey, unwanted)) {
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
    private boolean isUnwanted(Scratch scratch, long mapKey, Predicate<EntryView> unwanted) {
        long hash = memory.hash(mapKey);
        int index = memory.segment(hash);
        SegmentLock lock = segments[index].lock();
        lock.lockRead(scratch.isNested());
        try {
            return memory.open(scratch.view, index, hash, mapKey) && unwanted.test(scratch.view);
        } finally {
            lock.unlockRead();
        }
    }

    /** Shuts the tier, and waits until nobody is at the map's memory. */
    private void awaitOthers() {
        long start = TimeSource.SYSTEM.monotonicNanos();
        boolean empty = gate.close(PATIENCE);
        if (hot != null) {
            hot.close();
        }
        for (int i = 0; i < segments.length && empty; i++) {
            SegmentLock lock = segments[i].lock();
            empty = lock.tryLockWrite(PATIENCE.toNanos() - (TimeSource.SYSTEM.monotonicNanos() - start));
            if (empty) {
                lock.unlockWrite();
            }
        }
        if (!empty) {
            throw new TierException("cache=" + name + ": calls still under way after " + PATIENCE);
        }
    }

    /**
     * Waits for the calls of other threads that are under way, 30 seconds at most.
     *
     * @throws TierException if some are still under way; the tier is closed, but its memory is kept until another call of
     *     this method finds nobody inside
     */
    @Override
    public void close() {
        awaitOthers();
        synchronized (map) {
            map.close();
        }
    }
}
