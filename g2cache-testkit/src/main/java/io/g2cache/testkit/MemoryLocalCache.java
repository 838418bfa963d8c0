package io.g2cache.testkit;

import io.g2cache.TierException;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Concurrency: the monitor of this object guards everything; values are decoded outside it. */
final class MemoryLocalCache<K, V> implements LocalCache<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryLocalCache.class);

    private final LocalContext<K, V> context;
    private final Map<EncodedKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final @Nullable Restored restored;
    private @Nullable Checkpoint checkpoint;
    private @Nullable Kept keptAtClose;
    private long evictions;
    private long sampledUpTo = Long.MIN_VALUE;
    private boolean closed;

    /** What outlives a tier; entries are of use only with a checkpoint. */
    record Kept(String generation, @Nullable Checkpoint checkpoint, Map<EncodedKey, Entry> entries) {}

    /** Takes over what was kept if it has a checkpoint of the same generation. */
    MemoryLocalCache(LocalContext<K, V> context, @Nullable Kept kept) {
        this.context = context;
        this.restored = kept == null ? null : restore(kept);
    }

    private @Nullable Restored restore(Kept kept) {
        Checkpoint before = kept.checkpoint;
        if (before == null || !kept.generation.equals(context.generation())) {
            return null;
        }
        checkpoint = before;
        entries.putAll(kept.entries);
        long[] newest = new long[before.position().partitions()];
        Arrays.fill(newest, Long.MIN_VALUE);
        entries.forEach((key, entry) -> newest[key.partition()] = Math.max(newest[key.partition()], entry.version()));
        return new Restored(before, LogPosition.of(newest), entries.size());
    }

    /** What there would be if the process died now, or what there was when it closed. */
    synchronized Kept kept() {
        Kept atClose = keptAtClose;
        return atClose != null ? atClose : new Kept(context.generation(), checkpoint, new LinkedHashMap<>(entries));
    }

    @Override
    public @Nullable Restored restored() {
        return restored;
    }

    @Override
    public synchronized void checkpoint(Checkpoint next) {
        checkpoint = next;
    }

    @Override
    public @Nullable V get(K key, long nowMillis) {
        LocalEntry<V> found = find(context.keySpace().key(context.keyCodec().encode(key)));
        return found == null || nowMillis >= found.softDeadline() ? null : found.value();
    }

    @Override
    public @Nullable LocalEntry<V> find(EncodedKey key) {
        Entry held = alive(key);
        if (held == null || isDeadByTag(key, held)) {
            return null;
        }
        byte[] stored = held.value();
        V value = stored == null ? null : decode(key, stored);
        if (stored != null && value == null) {
            return null;
        }
        return new LocalEntry<>(held.version(), held.softDeadline(), held.hardDeadline(), value);
    }

    private @Nullable V decode(EncodedKey key, byte[] stored) {
        try {
            return context.valueFormat().decode(ByteBuffer.wrap(stored));
        } catch (RuntimeException e) {
            LOG.warn("cache={} {}: the value cannot be decoded and is a miss", context.cache(), key, e);
            return null;
        }
    }

    private boolean isDeadByTag(EncodedKey key, Entry held) {
        long[] tags = ValueFormat.tags(held);
        return tags != null && !context.floors().isAlive(key.partition(), held.version(), tags);
    }

    private synchronized @Nullable Entry alive(EncodedKey key) {
        Entry held = entries.get(key);
        return held == null || held.version() < context.floors().floor(key.partition()) ? null : held;
    }

    @Override
    public boolean fill(EncodedKey key, Entry entry, Admission admission) {
        requireFits(key, entry, 0);
        return store(key, entry, admission, 0, false);
    }

    @Override
    public boolean apply(EncodedKey key, Entry entry, Admission admission) {
        requireFits(key, entry, 1);
        return store(key, entry, admission, 1, true);
    }

    private void requireFits(EncodedKey key, Entry entry, int lead) {
        byte[] stored = entry.value();
        if (stored != null && stored.length > context.maximumValueBytes()) {
            remove(key, entry.version() + 1 - lead);
            throw new TierException("cache=" + context.cache() + " " + key + ": stored value bytes=" + stored.length
                    + " exceeds maximumValueBytes=" + context.maximumValueBytes());
        }
    }

    /** Stores if the version held plus the lead is not above the entry's. */
    private synchronized boolean store(EncodedKey key, Entry entry, Admission admission, int lead, boolean isEvent) {
        Entry held = alive(key);
        if (closed || (held != null && held.version() + lead > entry.version())) {
            return false;
        }
        if (!admission.admits(key, entry.version())) {
            if (isEvent) {
                entries.remove(key);
            }
            return false;
        }
        entries.put(key, entry);
        evict();
        return true;
    }

    private void evict() {
        Iterator<EncodedKey> eldest = entries.keySet().iterator();
        while (entries.size() > context.maximumEntries()) {
            eldest.next();
            eldest.remove();
            evictions++;
        }
    }

    @Override
    public synchronized boolean remove(EncodedKey key, long version) {
        Entry held = entries.get(key);
        return held != null && held.version() < version && entries.remove(key, held);
    }

    @Override
    public synchronized void discard(EncodedKey key) {
        entries.remove(key);
    }

    @Override
    public synchronized void discardAll() {
        entries.clear();
    }

    @Override
    public synchronized List<EncodedKey> sample(int most) {
        List<EncodedKey> keys = entries.keySet().stream()
                .sorted(Comparator.comparing(EncodedKey::hash))
                .toList();
        List<EncodedKey> next = keys.stream()
                .filter(key -> key.hash() > sampledUpTo)
                .limit(most)
                .toList();
        sampledUpTo = next.size() < most ? Long.MIN_VALUE : next.get(most - 1).hash();
        return next;
    }

    @Override
    public synchronized long estimatedSize() {
        return entries.size();
    }

    @Override
    public synchronized long evictions() {
        return evictions;
    }

    @Override
    public synchronized void cleanUp(long nowMillis) {
        entries.entrySet()
                .removeIf(held -> nowMillis >= held.getValue().hardDeadline()
                        || held.getValue().version()
                                < context.floors().floor(held.getKey().partition())
                        || isDeadByTag(held.getKey(), held.getValue()));
    }

    @Override
    public synchronized void close() {
        keptAtClose = kept();
        closed = true;
        entries.clear();
    }
}
