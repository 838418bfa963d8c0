package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.MapEntry;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map as a local tier.
 *
 * <p>Concurrency: every access to the map's memory happens under the {@link SegmentLock} of one segment. {@link Reads} share it
 * while they decode. Writes have it alone from the check to the store, the admission included, and use a query context of the map, in a platform thread. They are inside the {@link Gate} besides;
 * {@link #close} shuts it, waits until all writers have left, and then until each segment has been free once: a reader that
 * comes later finds the gate closed. Only then is the map closed. (Chronicle waits for calls too, but looks into their contexts
 * meanwhile, and keeps a failure to itself.)
 */
final class ChronicleLocalCache<K, V> implements LocalCache<K, V> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final KeySpace keySpace;
    private final Floors floors;
    private final int maximumValueBytes;
    final Geometry geometry;
    private final long maximumSize;
    private final @Nullable Store store;
    final ChronicleMap<Long, byte[]> map;
    private final MapMemory memory;
    private final SegmentTable table;
    final Segment[] segments;
    final @Nullable HotLayer<K, V> hot;
    private final LongAdder evictions = new LongAdder();
    private final Reads<K, V> reads;
    private final Gate gate = new Gate();
    private final NewestVersions newest;
    private volatile int knownNow = Ticks.NEVER;

    /** A tier in memory. */
    ChronicleLocalCache(LocalContext<K, V> context, Geometry geometry, long seed, HotLayer.Option option) {
        this(context, geometry, seed, option, Maps.inMemory(context.cache(), geometry), null);
    }

    /** A tier in the files of a store. */
    ChronicleLocalCache(LocalContext<K, V> context, Geometry geometry, Store store, HotLayer.Option option) {
        this(context, geometry, store.hashSeed(), option, store.map(), store);
    }

    private ChronicleLocalCache(
            LocalContext<K, V> context,
            Geometry geometry,
            long seed,
            HotLayer.Option option,
            ChronicleMap<Long, byte[]> map,
            @Nullable Store store) {
        name = context.cache();
        keySpace = context.keySpace();
        floors = context.floors();
        maximumValueBytes = context.maximumValueBytes();
        this.geometry = geometry;
        maximumSize = geometry.maximumSize();
        this.map = map;
        this.store = store;
        memory = new MapMemory(map, seed);
        hot = HotLayer.open(context, geometry, option);
        newest = new NewestVersions(context.keySpace().partitions());
        Seal seal = store == null ? null : store.seal();
        segments = new Segment[geometry.segments()];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(map, geometry, i, evictions, hot, seal);
        }
        table = new SegmentTable(map, memory, segments, geometry, gate);
        reads = new Reads<>(context, memory, segments, gate, hot);
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
                var query = table.query(scratch, memory.mapKey(key.hash()))) {
            query.writeLock().lock();
            MapEntry<Long, byte[]> held = query.entry();
            boolean alive = open(scratch.view, held, key);
            if (alive && scratch.view.version() + lead > entry.version()) {
                return false;
            }
            Segment segment = segments[query.segmentIndex()];
            if (admission.admits(key, entry.version())) {
                segment.store(query, scratch, key, entry, knownNow);
                newest.note(key.partition(), entry.version());
                return true;
            }
            if (isEvent && alive) {
                segment.remove(held, scratch.view);
            }
            return false;
        }
    }

    /** Stores an entry from before a restart, unless it is too large or a newer one of its key is there. */
    boolean restore(EncodedKey key, Entry entry) {
        byte[] value = entry.value();
        int valueBytes = value == null ? 0 : value.length;
        if (valueBytes > maximumValueBytes || EntryLayout.size(key.bytes().length, valueBytes) > maximumSize) {
            return false;
        }
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return false;
        }
        try (scratch;
                var query = table.query(scratch, memory.mapKey(key.hash()))) {
            query.writeLock().lock();
            boolean alive = open(scratch.view, query.entry(), key);
            if (alive && scratch.view.version() >= entry.version()) {
                return false;
            }
            segments[query.segmentIndex()].restore(query, scratch, key, entry, knownNow);
            newest.note(key.partition(), entry.version());
            return true;
        }
    }

    /** Bytes of the largest entry: header, key and value. */
    long maximumSize() {
        return maximumSize;
    }

    @Override
    public @Nullable Restored restored() {
        return store == null ? null : store.restored();
    }

    @Override
    public void checkpoint(Checkpoint checkpoint) {
        // a gate that is open now was open when the last of the events below the position was applied
        if (store != null && !gate.isClosed()) {
            store.checkpoint(checkpoint);
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
        EntryLayout.valueLength(entry);
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
        newest.forget();
        PlatformThreads.run(table::dropAll);
    }

    private boolean removeIf(EncodedKey key, long version, boolean always) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return false;
        }
        try (scratch;
                var query = table.query(scratch, memory.mapKey(key.hash()))) {
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
    public List<EncodedKey> sample(int most) {
        return PlatformThreads.run(() -> table.sample(most)).stream()
                .map(keySpace::key)
                .toList();
    }

    @Override
    public long estimatedSize() {
        return gate.isClosed() ? 0 : table.size();
    }

    @Override
    public long evictions() {
        return evictions.sum();
    }

    /** Looks at the next {@value SegmentTable#SWEEP_PLACES} places at most, and drops what is expired or dead there. */
    @Override
    public void cleanUp(long nowMillis) {
        knownNow = Ticks.now(nowMillis);
        PlatformThreads.run(() -> table.sweep(view -> nowMillis >= view.hardDeadline()
                || view.version() < floors.floor(view.partition())
                || reads.isDeadByTag(view)));
    }

    /** What is known beside the map, for the next opening; nobody else uses the tier meanwhile. */
    void walk(Image.Walk walk) throws IOException {
        table.walk(walk);
        newest.walk(walk);
    }

    /** By partition, the greatest version that was ever stored. */
    LogPosition newest() {
        return newest.snapshot();
    }

    /** Closes a tier that nobody has used yet, and leaves its files as they are. */
    void leave() throws IOException {
        awaitOthers();
        map.close();
        if (store != null) {
            store.leave();
        }
    }

    /** Closes a tier that nobody has used yet, and deletes its files. */
    void abandon() throws IOException {
        awaitOthers();
        map.close();
        if (store != null) {
            store.abandon();
        }
    }

    /** Shuts the tier, and waits until nobody is at the map's memory. */
    private void awaitOthers() {
        long start = TimeSource.SYSTEM.monotonicNanos();
        boolean empty = gate.close(PATIENCE);
        if (hot != null) {
            hot.close();
        }
        empty = empty && table.awaitFree(PATIENCE.toNanos() - (TimeSource.SYSTEM.monotonicNanos() - start));
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
            if (store != null) {
                store.close(this::walk);
            }
        }
    }
}
