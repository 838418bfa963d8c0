package io.g2cache.testkit;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.Tags;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local tier under test with what is needed to speak to it. Thread-safe where the tier is.
 *
 * @param cache the tier
 * @param keySpace its key space
 * @param keys codec of its keys
 * @param format format of its values
 * @param floors its floors by partition, to be raised by a test
 * @param tagFloors its floors of tags in every partition, by the tag's hash, to be raised by a test
 */
record LocalTier<K, V>(
        LocalCache<K, V> cache,
        KeySpace keySpace,
        Codec<K> keys,
        ValueFormat<V> format,
        AtomicLongArray floors,
        ConcurrentMap<Long, Long> tagFloors)
        implements AutoCloseable {
    /** A moment before every deadline that {@link #entry} sets. */
    static final long NOW = 1_800_000_000_000L;

    static final long SOFT = NOW + 1_000;
    static final long HARD = NOW + 2_000;
    static final int MAXIMUM_ENTRIES = 4_096;
    static final int AVERAGE_ENTRY_BYTES = 512;
    static final int MAXIMUM_VALUE_BYTES = 16 << 10;

    private static final int PARTITIONS = 4;

    static <K, V> LocalTier<K, V> open(
            LocalCacheProvider provider, String name, Codec<K> keys, Codec<V> values, boolean copyOnRead) {
        KeySpace keySpace = new KeySpace(name, PARTITIONS);
        ValueFormat<V> format = new ValueFormat<>(values);
        AtomicLongArray floors = new AtomicLongArray(PARTITIONS);
        for (int p = 0; p < PARTITIONS; p++) {
            floors.set(p, Long.MIN_VALUE);
        }
        ConcurrentMap<Long, Long> tagFloors = new ConcurrentHashMap<>();
        LocalContext<K, V> context = new LocalContext<>(
                name,
                keySpace,
                keys,
                format,
                new TestFloors(floors, tagFloors),
                MAXIMUM_ENTRIES,
                AVERAGE_ENTRY_BYTES,
                MAXIMUM_VALUE_BYTES,
                copyOnRead,
                "contract",
                TimeSource.SYSTEM);
        return new LocalTier<>(provider.open(context), keySpace, keys, format, floors, tagFloors);
    }

    private record TestFloors(AtomicLongArray floors, Map<Long, Long> tagFloors) implements Floors {
        @Override
        public long floor(int partition) {
            return floors.get(partition);
        }

        @Override
        public long tagFloor(int partition, long tag) {
            return tagFloors.getOrDefault(tag, Long.MIN_VALUE);
        }
    }

    static LocalTier<String, String> ofStrings(LocalCacheProvider provider) {
        return open(provider, "strings", Codecs.string(), Codecs.string(), false);
    }

    EncodedKey key(K key) {
        return keySpace.key(keys.encode(key));
    }

    Entry entry(long version, V value, String... tags) {
        long[] hashes = Stream.of(tags).mapToLong(Tags::hash).toArray();
        return Entry.value(version, SOFT, HARD, format.encode(value, hashes));
    }

    /** A stored value with this header and any payload. */
    static byte[] stored(String codecId, long fingerprint, byte[] payload) {
        byte[] id = new byte[Long.BYTES];
        byte[] ascii = Codecs.string().encode(codecId);
        System.arraycopy(ascii, 0, id, 0, ascii.length);
        return ByteBuffer.allocate(ValueFormat.HEADER_BYTES + payload.length)
                .put(id)
                .putLong(fingerprint)
                .put(payload)
                .array();
    }

    @Nullable
    V get(K key) {
        return cache.get(key, NOW);
    }

    boolean fill(K key, long version, V value) {
        return cache.fill(key(key), entry(version, value), Admission.ALWAYS);
    }

    boolean apply(K key, long version, V value) {
        return cache.apply(key(key), entry(version, value), Admission.ALWAYS);
    }

    @Nullable
    LocalEntry<V> find(K key) {
        return cache.find(key(key));
    }

    @Override
    public void close() {
        cache.close();
    }
}
