package io.g2cache.chronicle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.g2cache.spi.Codec;
import io.g2cache.spi.Floors;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.ValueFormat;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values used most, decoded on the heap in front of the map (Caffeine). It never knows more than the map: what it holds
 * is in the map too, at the same version. Bounded by entries, and by as many bytes of encoded values as that many average
 * entries have.
 *
 * <p>Concurrency: an entry comes in while its reader holds the read lock of the segment, and goes, together with that of the
 * map, under the write lock; so nothing that a write has made old can come in after it. A bit for each slot of the segment
 * says whether its entry may be here, so that most writes need not look. Hits take no lock. Caffeine may drop anything at any
 * time, which leaves the bit behind and is harmless. Its maintenance runs in the common pool, as Caffeine's own default is, and calls
 * nobody: in the reader it takes as long as the hit itself. So the bound may be passed for a moment.
 */
final class HotLayer<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(HotLayer.class);

    /** The policy's memory is far from that of the hit; what is hot is counted often enough all the same. */
    private static final int USES_NOT_COUNTED = 7;

    private final String name;
    private final Codec<K> keyCodec;
    private final int chance;
    private final Cache<Object, Held<V>> cache;
    private final AtomicIntegerArray[] mayHold;
    private volatile boolean closed;

    /**
     * How large a layer is and what comes into it.
     *
     * @param entries the most that it holds; 0 for no layer
     * @param chance one in so many reads of an entry that is used often brings it in; with 1, every read of any entry,
     *     every hit counts as a use, and maintenance runs in the caller, so that each step has its effect at once
     */
    record Option(int entries, int chance) {
        /** So that the many entries of middling use do not take turns: each turn costs as much as some hits. */
        private static final int USUAL_CHANCE = 64;

        /** What users get. */
        static Option of(long entries) {
            return new Option((int) Math.min(entries, Integer.MAX_VALUE), USUAL_CHANCE);
        }
    }

    /** A decoded entry. Immutable. */
    static class Held<V> {
        final int partition;
        final long version;
        final long softDeadline;
        final V value;
        /** Policy of its segment, to note a use. */
        private final S3Fifo policy;
        /** Its slot there. */
        private final int slot;
        /** Bytes of the encoded entry. */
        private final int bytes;

        private Held(S3Fifo policy, EntryView view, V value) {
            this.policy = policy;
            slot = view.slot();
            partition = view.partition();
            version = view.version();
            softDeadline = view.softDeadline();
            this.value = value;
            bytes = view.size();
        }

        /** Whether nothing has killed the entry. */
        boolean isAlive(Floors floors) {
            return version >= floors.floor(partition);
        }
    }

    /** A class of its own, so that what has no tags neither has room for them nor looks for them. */
    private static final class HeldWithTags<V> extends Held<V> {
        private final long[] tags;

        HeldWithTags(S3Fifo policy, EntryView view, V value, long[] tags) {
            super(policy, view, value);
            this.tags = tags;
        }

        @Override
        boolean isAlive(Floors floors) {
            return floors.isAlive(partition, version, tags);
        }
    }

    private HotLayer(LocalContext<K, V> context, Geometry geometry, Option option) {
        this.name = context.cache();
        this.keyCodec = context.keyCodec();
        this.chance = option.chance;
        int average = context.averageEntryBytes();
        cache = Caffeine.newBuilder()
                .maximumWeight((long) option.entries * average)
                .weigher((Object key, Held<V> held) -> Math.max(average, held.bytes))
                .executor(option.chance == 1 ? Runnable::run : ForkJoinPool.commonPool())
                .build();
        mayHold = new AtomicIntegerArray[geometry.segments()];
        for (int i = 0; i < mayHold.length; i++) {
            mayHold[i] = new AtomicIntegerArray((geometry.segmentEntries() + Integer.SIZE - 1) / Integer.SIZE);
        }
    }

    /** An empty layer; null where there is to be none. */
    static <K, V> @Nullable HotLayer<K, V> open(LocalContext<K, V> context, Geometry geometry, Option option) {
        return option.entries == 0 || context.copyOnRead() ? null : new HotLayer<>(context, geometry, option);
    }

    /** What is held for a key, dead or past its deadline though it may be; every eighth time it counts as a use below. */
    @Nullable
    Held<V> find(K key) {
        Held<V> held = cache.getIfPresent(keyCodec.identity(key));
        if (held != null && (chance == 1 || (ThreadLocalRandom.current().nextInt() & USES_NOT_COUNTED) == 0)) {
            held.policy.use(held.slot);
        }
        return held;
    }

    /** Whether this read, of an entry that was used often or not, is one that brings it in. */
    boolean isChosen(boolean often) {
        return chance == 1 || (often && ThreadLocalRandom.current().nextInt(chance) == 0);
    }

    /** Brings in the entry that is opened in the view, under the read lock of its segment. */
    void promote(int segment, S3Fifo policy, EntryView view, V value) {
        int slot = view.slot();
        long[] tags = ValueFormat.tags(view.value());
        Held<V> held = tags == null ? new Held<>(policy, view, value) : new HeldWithTags<>(policy, view, value, tags);
        Object identity = identity(view);
        if (identity == null) {
            return;
        }
        int bit = 1 << slot;
        mayHold[segment].accumulateAndGet(slot / Integer.SIZE, bit, (before, added) -> before | added);
        cache.put(identity, held);
        if (closed) {
            cache.invalidate(identity);
        }
    }

    /** Whether the entry of a slot may be held. */
    boolean mayHold(int segment, int slot) {
        return (mayHold[segment].getPlain(slot / Integer.SIZE) & 1 << slot) != 0;
    }

    /** Drops the entry that is opened in the view and about to change or go, under the write lock of its segment. */
    void drop(int segment, EntryView view) {
        int slot = view.slot();
        if (!mayHold(segment, slot)) {
            return;
        }
        AtomicIntegerArray bits = mayHold[segment];
        int word = slot / Integer.SIZE;
        bits.setPlain(word, bits.getPlain(word) & ~(1 << slot));
        Object identity = identity(view);
        if (identity == null) {
            cache.invalidateAll();
        } else {
            cache.invalidate(identity);
        }
    }

    /** Decoded from the stored key, so that nobody else can change it; null where the codec cannot. */
    private @Nullable Object identity(EntryView view) {
        try {
            return keyCodec.identityOf(view.key());
        } catch (RuntimeException e) {
            LOG.debug("cache={}: a key cannot be decoded and its value not be kept decoded", name, e);
            return null;
        }
    }

    /** About how many entries are held. */
    long estimatedSize() {
        return cache.estimatedSize();
    }

    /** Empties it for good. */
    void close() {
        closed = true;
        cache.invalidateAll();
    }
}
