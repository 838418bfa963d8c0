package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.Restored;
import io.g2cache.spi.ValueFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.MapEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chronicle Map as a local tier.
 *
 * <p>Concurrency: everything happens inside a query context of the map. Reads hold the read lock of one segment while they
 * decode, writes its write lock from the check to the store, the admission included; the write lock also guards the
 * {@link Segment}. Every call that touches the map is inside the {@link Gate}; the map is closed when all have left. (Chronicle
 * waits for them too, but looks into their contexts meanwhile, and keeps a failure to itself.)
 */
final class ChronicleLocalCache<K, V> implements LocalCache<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleLocalCache.class);

    /** Places looked at by one clean-up: some milliseconds. */
    private static final int SWEEP_PLACES = 1 << 14;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final KeySpace keySpace;
    private final Codec<K> keyCodec;
    private final ValueFormat<V> format;
    private final Floors floors;
    private final int maximumValueBytes;
    final Geometry geometry;
    private final long maximumSize;
    private final long seed;
    private final @Nullable Store store;
    final ChronicleMap<Long, byte[]> map;
    final Segment[] segments;
    private final LongAdder evictions = new LongAdder();
    private final AtomicLong decodeFailures = new AtomicLong();
    private final AtomicLong sweepPlace = new AtomicLong();
    private final Gate gate = new Gate();
    private volatile int knownNow = Ticks.NEVER;

    /** A tier in memory. */
    ChronicleLocalCache(LocalContext<K, V> context, Geometry geometry, long seed) {
        this(context, geometry, seed, Maps.inMemory(context.cache(), geometry), null);
    }

    /** A tier in the files of a store. */
    ChronicleLocalCache(LocalContext<K, V> context, Geometry geometry, Store store) {
        this(context, geometry, store.hashSeed(), store.map(), store);
    }

    private ChronicleLocalCache(
            LocalContext<K, V> context,
            Geometry geometry,
            long seed,
            ChronicleMap<Long, byte[]> map,
            @Nullable Store store) {
        name = context.cache();
        keySpace = context.keySpace();
        keyCodec = context.keyCodec();
        format = context.valueFormat();
        floors = context.floors();
        maximumValueBytes = context.maximumValueBytes();
        this.geometry = geometry;
        this.seed = seed;
        maximumSize = geometry.maximumSize();
        segments = new Segment[geometry.segments()];
        this.map = map;
        this.store = store;
        Seal seal = store == null ? null : store.seal();
        for (int i = 0; i < segments.length; i++) {
            segments[i] = new Segment(map, geometry, i, evictions, seal);
        }
    }

    /** The map's key: the key's hash, mixed so that nobody outside can choose where it lands. */
    private long mapKey(EncodedKey key) {
        long h = key.hash() ^ seed;
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        return h ^ h >>> 32;
    }

    @Override
    public @Nullable V get(K key, long nowMillis) {
        EncodedKey encoded = keySpace.key(keyCodec.encode(key));
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return null;
        }
        try (scratch;
                var query = map.queryContext(scratch.key.of(mapKey(encoded)))) {
            query.readLock().lock();
            EntryView view = scratch.view;
            if (!open(view, query.entry(), encoded) || nowMillis >= view.softDeadline() || !view.isValue()) {
                return null;
            }
            segments[query.segmentIndex()].policy().use(view.slot());
            return decode(encoded, view.value());
        }
    }

    @Override
    public @Nullable LocalEntry<V> find(EncodedKey key) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return null;
        }
        try (scratch;
                var query = map.queryContext(scratch.key.of(mapKey(key)))) {
            query.readLock().lock();
            EntryView view = scratch.view;
            if (!open(view, query.entry(), key)) {
                return null;
            }
            segments[query.segmentIndex()].policy().use(view.slot());
            long version = view.version();
            long softDeadline = view.softDeadline();
            long hardDeadline = view.hardDeadline();
            if (!view.isValue()) {
                return new LocalEntry<>(version, softDeadline, hardDeadline, null);
            }
            V value = decode(key, view.value());
            return value == null ? null : new LocalEntry<>(version, softDeadline, hardDeadline, value);
        }
    }

    /** Opens what is held if it is of this key and alive. */
    private boolean open(EntryView view, @Nullable MapEntry<Long, byte[]> held, EncodedKey key) {
        if (held == null) {
            return false;
        }
        view.open(held.value());
        return view.isOf(key.bytes()) && view.version() >= floors.floor(key.partition());
    }

    private @Nullable V decode(EncodedKey key, ByteBuffer stored) {
        try {
            return format.decode(stored);
        } catch (RuntimeException e) {
            long failures = decodeFailures.incrementAndGet();
            if (Long.bitCount(failures) == 1) {
                LOG.warn("cache={} {}: the value cannot be decoded and is a miss, failures={}", name, key, failures, e);
            }
            return null;
        }
    }

    @Override
    public boolean fill(EncodedKey key, Entry entry, Admission admission) {
        return store(key, entry, admission, 0, false);
    }

    @Override
    public boolean apply(EncodedKey key, Entry entry, Admission admission) {
        return store(key, entry, admission, 1, true);
    }

    /** Stores if the version held plus the lead is not above the entry's. */
    private boolean store(EncodedKey key, Entry entry, Admission admission, int lead, boolean isEvent) {
        requireFits(key, entry, lead);
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return false;
        }
        try (scratch;
                var query = map.queryContext(scratch.key.of(mapKey(key)))) {
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
                var query = map.queryContext(scratch.key.of(mapKey(key)))) {
            query.writeLock().lock();
            boolean alive = open(scratch.view, query.entry(), key);
            if (alive && scratch.view.version() >= entry.version()) {
                return false;
            }
            segments[query.segmentIndex()].restore(query, scratch, key, entry, knownNow);
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
        if (store != null) {
            store.checkpoint(checkpoint);
        }
    }

    /** Refuses what is too large; what it would have replaced goes, for it must not outlive it. */
    private void requireFits(EncodedKey key, Entry entry, int lead) {
        byte[] value = entry.value();
        int valueBytes = value == null ? 0 : value.length;
        long size = EntryLayout.size(key.bytes().length, valueBytes);
        if (valueBytes > maximumValueBytes || size > maximumSize) {
            remove(key, entry.version() + 1 - lead);
            throw new TierException("cache=" + name + " " + key + ": value bytes=" + valueBytes
                    + " (maximumValueBytes=" + maximumValueBytes + "), entry bytes=" + size + " (limit=" + maximumSize
                    + " for maximumEntries=" + geometry.maximumEntries() + ", segments=" + geometry.segments() + ")");
        }
        EntryLayout.valueLength(entry);
    }

    @Override
    public boolean remove(EncodedKey key, long version) {
        return removeIf(key, version, false);
    }

    @Override
    public void discard(EncodedKey key) {
        removeIf(key, 0, true);
    }

    @Override
    public void discardAll() {
        for (Segment segment : segments) {
            S3Fifo policy = segment.policy();
            for (int slot = 0; slot < policy.capacity() && !gate.isClosed(); slot++) {
                if (policy.isTaken(slot)) {
                    dropIf(policy.keyOf(slot), view -> true);
                }
            }
        }
    }

    private boolean removeIf(EncodedKey key, long version, boolean always) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return false;
        }
        try (scratch;
                var query = map.queryContext(scratch.key.of(mapKey(key)))) {
            query.writeLock().lock();
            MapEntry<Long, byte[]> held = query.entry();
            if (held == null) {
                return false;
            }
            scratch.view.open(held.value());
            if (!scratch.view.isOf(key.bytes()) || (!always && scratch.view.version() >= version)) {
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
    }

    /** The key was read without the lock and may be another by now, which is as good to look at. */
    private void dropIf(long mapKey, Predicate<EntryView> unwanted) {
        Scratch scratch = Scratch.enter(gate);
        if (scratch == null) {
            return;
        }
        try (scratch;
                var query = map.queryContext(scratch.key.of(mapKey))) {
            query.updateLock().lock();
            MapEntry<Long, byte[]> held = query.entry();
            if (held == null) {
                return;
            }
            EntryView view = scratch.view;
            view.open(held.value());
            if (unwanted.test(view)) {
                query.writeLock().lock();
                segments[query.segmentIndex()].remove(held, view);
            }
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

    private void awaitOthers() {
        if (!gate.close(PATIENCE)) {
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
                store.close();
            }
        }
    }
}
