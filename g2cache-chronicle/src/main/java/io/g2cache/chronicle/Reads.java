package io.g2cache.chronicle;

import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.ValueFormat;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reads of a tier: from the hot layer, else from the map's memory under the read lock of one segment, decoding included.
 *
 * <p>Concurrency: whoever closes the tier closes the gate first and then takes each lock once; a read looks at the gate under
 * the lock, so that it finds either the memory or the gate closed. The look before it only spares a wait.
 */
final class Reads<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(Reads.class);

    private final String name;
    private final KeySpace keySpace;
    private final Codec<K> keyCodec;
    private final ValueFormat<V> format;
    private final Floors floors;
    private final MapMemory memory;
    private final Segment[] segments;
    private final Gate gate;
    private final @Nullable HotLayer<K, V> hot;
    private final AtomicLong decodeFailures = new AtomicLong();

    Reads(LocalContext<K, V> context, MapMemory memory, Segment[] segments, Gate gate, @Nullable HotLayer<K, V> hot) {
        name = context.cache();
        keySpace = context.keySpace();
        keyCodec = context.keyCodec();
        format = context.valueFormat();
        floors = context.floors();
        this.memory = memory;
        this.segments = segments;
        this.gate = gate;
        this.hot = hot;
    }

    /** {@link LocalCache#get}. */
    @Nullable
    V get(K key, long nowMillis) {
        HotLayer<K, V> hotLayer = hot;
        if (hotLayer != null) {
            HotLayer.Held<V> held = hotLayer.find(key);
            if (held != null) {
                return nowMillis < held.softDeadline && held.isAlive(floors) ? held.value : null;
            }
        }
        if (gate.isClosed()) {
            return null;
        }
        try (Scratch scratch = Scratch.take()) {
            int keyBytes = scratch.encode(keyCodec, key);
            return read(scratch, keySpace.hash(scratch.keyBytes(), keyBytes), keyBytes, nowMillis);
        }
    }

    private @Nullable V read(Scratch scratch, long keyHash, int keyBytes, long nowMillis) {
        long mapKey = memory.mapKey(keyHash);
        long hash = memory.hash(mapKey);
        int index = memory.segment(hash);
        Segment segment = segments[index];
        EntryView view = scratch.view;
        segment.lock().lockRead(scratch.isNested());
        try {
            if (gate.isClosed()
                    || !memory.open(view, index, hash, mapKey)
                    || !isAlive(view, scratch.keyBytes(), keyBytes)
                    || nowMillis >= view.softDeadline()
                    || !view.isValue()) {
                return null;
            }
            boolean often = segment.policy().use(view.slot());
            V value = decode(scratch.keyBytes(), keyBytes, view);
            HotLayer<K, V> hotLayer = hot;
            if (hotLayer != null && value != null && hotLayer.isChosen(often)) {
                hotLayer.promote(index, segment.policy(), view, value);
            }
            return value;
        } finally {
            segment.lock().unlockRead();
        }
    }

    /** {@link LocalCache#find}. */
    @Nullable
    LocalEntry<V> find(EncodedKey key) {
        long mapKey = memory.mapKey(key.hash());
        long hash = memory.hash(mapKey);
        int index = memory.segment(hash);
        Segment segment = segments[index];
        if (gate.isClosed()) {
            return null;
        }
        try (Scratch scratch = Scratch.take()) {
            EntryView view = scratch.view;
            segment.lock().lockRead(scratch.isNested());
            try {
                if (gate.isClosed()
                        || !memory.open(view, index, hash, mapKey)
                        || !isAlive(view, key.bytes(), key.bytes().length)) {
                    return null;
                }
                segment.policy().use(view.slot());
                return decoded(key, view);
            } finally {
                segment.lock().unlockRead();
            }
        }
    }

    private @Nullable LocalEntry<V> decoded(EncodedKey key, EntryView view) {
        long version = view.version();
        long softDeadline = view.softDeadline();
        long hardDeadline = view.hardDeadline();
        if (!view.isValue()) {
            return new LocalEntry<>(version, softDeadline, hardDeadline, null);
        }
        V value = decode(key.bytes(), key.bytes().length, view);
        return value == null ? null : new LocalEntry<>(version, softDeadline, hardDeadline, value);
    }

    /** Whether the entry is of this key and above its floor. */
    boolean isAlive(EntryView view, byte[] key, int keyBytes) {
        return view.isOf(key, keyBytes) && view.version() >= floors.floor(view.partition());
    }

    /** Whether one of its tags has killed the entry, which is of its key and above its floor. */
    boolean isDeadByTag(EntryView view) {
        long[] tags = view.isValue() ? ValueFormat.tags(view.value()) : null;
        return tags != null && !floors.isAlive(view.partition(), view.version(), tags);
    }

    /** Null also where a tag has killed the entry. */
    private @Nullable V decode(byte[] key, int keyBytes, EntryView view) {
        try {
            return format.decode(view.value(), floors, view.partition(), view.version());
        } catch (RuntimeException | StackOverflowError e) {
            long failures = decodeFailures.incrementAndGet();
            if (Long.bitCount(failures) == 1) {
                EncodedKey encoded = keySpace.key(Arrays.copyOf(key, keyBytes));
                LOG.warn(
                        "cache={} {}: the value cannot be decoded and is a miss, failures={}",
                        name,
                        encoded,
                        failures,
                        e);
            }
            return null;
        }
    }
}
