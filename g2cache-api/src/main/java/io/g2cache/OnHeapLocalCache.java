package io.g2cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caffeine as a local tier.
 *
 * <p>Concurrency: Caffeine's {@code compute} is the atomic step of every write; it locks one bin of its table. Reads take
 * no lock. What is stored is immutable. {@code closed} is checked inside the atomic step and set before the map is emptied,
 * so that nothing outlives {@link #close}. The monitor guards the sweep and the sampling alone, and is never taken inside an atomic step.
 */
final class OnHeapLocalCache<K, V> implements LocalCache<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(OnHeapLocalCache.class);
    private static final int SWEEP_ENTRIES = 1_000;

    private final String name;
    private final KeySpace keySpace;
    private final int maximumValueBytes;
    private final Codec<K> keyCodec;
    private final ValueFormat<V> format;
    private final Floors floors;
    private final boolean copyOnRead;
    private final LongAdder evictions = new LongAdder();
    private final Cache<Object, Held<V>> cache;
    private Iterator<Map.Entry<Object, Held<V>>> sweep = Collections.emptyIterator();
    private Iterator<Object> sampled = Collections.emptyIterator();
    private boolean toldOfKey;
    private volatile boolean closed;

    OnHeapLocalCache(LocalContext<K, V> context) {
        name = context.cache();
        keySpace = context.keySpace();
        maximumValueBytes = context.maximumValueBytes();
        keyCodec = context.keyCodec();
        format = context.valueFormat();
        floors = context.floors();
        copyOnRead = context.copyOnRead();
        cache = Caffeine.newBuilder()
                .maximumSize(context.maximumEntries())
                .executor(Runnable::run)
                .evictionListener(
                        (@Nullable Object key, @Nullable Held<V> held, RemovalCause cause) -> evictions.increment())
                .build();
    }

    /** What is held for a key: decoded once, or as bytes where every read wants a copy. Immutable. */
    private static class Held<V> {
        final int partition;
        final long version;
        final long softDeadline;
        final long hardDeadline;
        final @Nullable V value;
        final byte @Nullable [] stored;

        Held(int partition, Entry entry, @Nullable V value, byte @Nullable [] stored) {
            this.partition = partition;
            this.version = entry.version();
            this.softDeadline = entry.softDeadline();
            this.hardDeadline = entry.hardDeadline();
            this.value = value;
            this.stored = stored;
        }

        /** Whether nothing has killed the entry. */
        boolean isAlive(Floors floors) {
            return version >= floors.floor(partition);
        }
    }

    /** A class of its own, so that what has no tags neither has room for them nor looks for them. */
    private static final class HeldWithTags<V> extends Held<V> {
        private final long[] tags;

        HeldWithTags(int partition, Entry entry, @Nullable V value, byte @Nullable [] stored, long[] tags) {
            super(partition, entry, value, stored);
            this.tags = tags;
        }

        @Override
        boolean isAlive(Floors floors) {
            return floors.isAlive(partition, version, tags);
        }
    }

    @Override
    public @Nullable V get(K key, long nowMillis) {
        Held<V> held = cache.getIfPresent(keyCodec.identity(key));
        if (held == null || nowMillis >= held.softDeadline || !held.isAlive(floors)) {
            return null;
        }
        return copyOnRead ? copy(held) : held.value;
    }

    @Override
    public @Nullable LocalEntry<V> find(EncodedKey key) {
        Object identity = identity(key);
        Held<V> held = identity == null ? null : cache.getIfPresent(identity);
        if (held == null || !held.isAlive(floors)) {
            return null;
        }
        V value = copyOnRead ? copy(held) : held.value;
        return new LocalEntry<>(held.version, held.softDeadline, held.hardDeadline, value);
    }

    private @Nullable V copy(Held<V> held) {
        byte[] stored = held.stored;
        return stored == null ? null : format.decode(ByteBuffer.wrap(stored));
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
        Held<V> next = hold(key, entry);
        Object identity = identity(key);
        if (identity == null) {
            return false;
        }
        boolean[] stored = {false};
        cache.asMap().compute(identity, (k, held) -> {
            if (closed) {
                return null;
            }
            if (held != null && held.version + lead > entry.version() && isAboveFloor(held)) {
                return held;
            }
            if (next != null && admission.admits(key, entry.version())) {
                stored[0] = true;
                return next;
            }
            return isEvent || next == null ? null : held;
        });
        if (closed) {
            cache.invalidate(identity);
        }
        return stored[0];
    }

    private void requireFits(EncodedKey key, Entry entry, int lead) {
        byte[] stored = entry.value();
        if (stored != null && stored.length > maximumValueBytes) {
            remove(key, entry.version() + 1 - lead);
            throw new TierException("cache=" + name + " " + key + ": stored value bytes=" + stored.length
                    + " exceeds maximumValueBytes=" + maximumValueBytes);
        }
    }

    /** The decoded entry; null where the bytes are malformed or of another codec. */
    private @Nullable Held<V> hold(EncodedKey key, Entry entry) {
        byte[] stored = entry.value();
        V value = stored == null ? null : decode(key, stored);
        if (stored != null && value == null) {
            return null;
        }
        long[] tags = ValueFormat.tags(entry);
        V kept = copyOnRead ? null : value;
        byte[] keptBytes = copyOnRead ? stored : null;
        return tags == null
                ? new Held<>(key.partition(), entry, kept, keptBytes)
                : new HeldWithTags<>(key.partition(), entry, kept, keptBytes, tags);
    }

    /** An entry that one of its tags has killed gives way to a higher version only. */
    private boolean isAboveFloor(Held<V> held) {
        return held.version >= floors.floor(held.partition);
    }

    private @Nullable V decode(EncodedKey key, byte[] stored) {
        try {
            return format.decode(ByteBuffer.wrap(stored));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.warn("cache={} {}: the value cannot be decoded and is a miss", name, key, e);
            return null;
        }
    }

    @Override
    public boolean remove(EncodedKey key, long version) {
        Object identity = identity(key);
        if (identity == null) {
            return false;
        }
        boolean[] removed = {false};
        // not computeIfPresent: it returns at once for an absent key, and would overtake a fill that was admitted
        // already
        cache.asMap().compute(identity, (k, held) -> {
            removed[0] = held != null && held.version < version;
            return removed[0] ? null : held;
        });
        return removed[0];
    }

    @Override
    public void discard(EncodedKey key) {
        Object identity = identity(key);
        if (identity != null) {
            cache.invalidate(identity);
        }
    }

    @Override
    public void discardAll() {
        cache.invalidateAll();
    }

    /**
     * Decoded from the bytes, so that nobody else can change it. Null where this codec cannot read them: such a key, of
     * somebody else's codec, can never have been stored here.
     */
    private @Nullable Object identity(EncodedKey key) {
        try {
            return keyCodec.identityOf(ByteBuffer.wrap(key.bytes()));
        } catch (RuntimeException e) {
            LOG.debug("cache={} {}: the key cannot be decoded", name, key, e);
            return null;
        }
    }

    @Override
    public long estimatedSize() {
        return cache.estimatedSize();
    }

    @Override
    public long evictions() {
        return evictions.sum();
    }

    /** Looks at the next {@value #SWEEP_ENTRIES} entries at most, and drops what is expired or dead of them. */
    @Override
    public synchronized void cleanUp(long nowMillis) {
        cache.cleanUp();
        if (!sweep.hasNext()) {
            sweep = cache.asMap().entrySet().iterator();
        }
        for (int i = 0; i < SWEEP_ENTRIES && sweep.hasNext(); i++) {
            Map.Entry<Object, Held<V>> seen = sweep.next();
            if (isOver(seen.getValue(), nowMillis)) {
                cache.asMap().computeIfPresent(seen.getKey(), (key, held) -> isOver(held, nowMillis) ? null : held);
            }
        }
    }

    @Override
    public synchronized List<EncodedKey> sample(int most) {
        Set<EncodedKey> keys = new LinkedHashSet<>();
        boolean isWrapped = false;
        for (int i = 0; i < most; i++) {
            if (!sampled.hasNext() && !isWrapped) {
                isWrapped = true;
                sampled = cache.asMap().keySet().iterator();
            }
            if (!sampled.hasNext()) {
                break;
            }
            EncodedKey key = encoded(sampled.next());
            if (key != null) {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    /** Null where the codec fails, which is told once. */
    private @Nullable EncodedKey encoded(Object identity) {
        try {
            return keySpace.key(keyCodec.encodeIdentity(identity));
        } catch (Throwable e) {
            if (!toldOfKey) {
                toldOfKey = true;
                LOG.warn("cache={}: keys cannot be encoded for an audit, the first of them", name, e);
            }
            return null;
        }
    }

    private boolean isOver(Held<V> held, long nowMillis) {
        return nowMillis >= held.hardDeadline || !held.isAlive(floors);
    }

    @Override
    public void close() {
        closed = true;
        cache.invalidateAll();
    }
}
