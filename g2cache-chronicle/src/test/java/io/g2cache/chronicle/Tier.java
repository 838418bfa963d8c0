package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** A tier of one size under test, with a look inside. */
final class Tier<V> implements AutoCloseable {
    static final long NOW = 1_800_000_000_000L;
    static final long HOUR = 3_600_000;
    static final int PARTITIONS = 4;

    final ChronicleLocalCache<Long, V> cache;
    final ValueFormat<V> format;
    final AtomicLongArray floors = new AtomicLongArray(PARTITIONS);
    private final KeySpace keySpace = new KeySpace("tier", PARTITIONS);

    Tier(Codec<V> codec, int segments, long maximumEntries, int averageEntryBytes, int maximumValueBytes) {
        this(codec, segments, maximumEntries, averageEntryBytes, maximumValueBytes, 0);
    }

    /** With a hot layer of so many entries, which takes in whatever was used often. */
    Tier(
            Codec<V> codec,
            int segments,
            long maximumEntries,
            int averageEntryBytes,
            int maximumValueBytes,
            int hotEntries) {
        this(codec, segments, maximumEntries, averageEntryBytes, maximumValueBytes, hotEntries, null);
    }

    private Tier(
            Codec<V> codec,
            int segments,
            long maximumEntries,
            int averageEntryBytes,
            int maximumValueBytes,
            int hotEntries,
            @Nullable Path directory) {
        format = new ValueFormat<>(codec);
        LocalContext<Long, V> context = new LocalContext<>(
                "tier",
                keySpace,
                Codecs.int64(),
                format,
                floors::get,
                maximumEntries,
                averageEntryBytes,
                maximumValueBytes,
                false,
                "test",
                TimeSource.SYSTEM);
        FlagPreflight.check(directory != null);
        Geometry geometry = Geometry.of(context, segments);
        HotLayer.Option hot = new HotLayer.Option(hotEntries, 1);
        cache = directory == null
                ? new ChronicleLocalCache<>(context, geometry, 42, hot)
                : new Opening<>(context, geometry, new Persistence(directory, Duration.ofSeconds(30), "boot"), hot)
                        .open();
    }

    /** A tier whose entries are kept in files below a directory. */
    static Tier<byte[]> kept(Path directory, int segments, long maximumEntries, int averageEntryBytes) {
        return new Tier<>(
                Codecs.bytes(),
                segments,
                maximumEntries,
                averageEntryBytes,
                1 << 20,
                (int) maximumEntries / 10,
                directory);
    }

    static Tier<byte[]> ofBytes(int segments, long maximumEntries, int averageEntryBytes) {
        return new Tier<>(Codecs.bytes(), segments, maximumEntries, averageEntryBytes, 1 << 20);
    }

    static Tier<byte[]> ofBytes(int segments, long maximumEntries, int averageEntryBytes, int hotEntries) {
        return new Tier<>(Codecs.bytes(), segments, maximumEntries, averageEntryBytes, 1 << 20, hotEntries);
    }

    EncodedKey key(long key) {
        return keySpace.key(Codecs.int64().encode(key));
    }

    boolean fill(long key, long version, V value) {
        return cache.fill(key(key), entry(version, value), Admission.ALWAYS);
    }

    boolean apply(long key, long version, V value) {
        return cache.apply(key(key), entry(version, value), Admission.ALWAYS);
    }

    Entry entry(long version, V value) {
        return Entry.value(version, NOW + HOUR, NOW + 2 * HOUR, format.encode(value));
    }

    @Nullable
    LocalEntry<V> find(long key) {
        return cache.find(key(key));
    }

    @Nullable
    V get(long key) {
        return cache.get(key, NOW);
    }

    /** Largest value that an entry with a key of eight bytes can have. */
    int maximumPayload() {
        return (int) cache.geometry.maximumSize() - EntryLayout.HEADER_BYTES - Long.BYTES - ValueFormat.HEADER_BYTES;
    }

    /** What the policies know must be what the map holds. Nobody else may use the tier meanwhile. */
    void assertConsistent() {
        long entries = 0;
        for (int i = 0; i < cache.segments.length; i++) {
            Segment segment = cache.segments[i];
            long[] seen = {0, 0};
            BitSet slots = new BitSet();
            try (var all = cache.map.segmentContext(i)) {
                all.forEachSegmentEntry(e -> {
                    EntryView view = new EntryView();
                    view.open(e.value());
                    assertThat(segment.policy().isTaken(view.slot())).isTrue();
                    assertThat(slots.get(view.slot()))
                            .as("slot=%d", view.slot())
                            .isFalse();
                    slots.set(view.slot());
                    assertThat(segment.policy().keyOf(view.slot()))
                            .isEqualTo(e.key().get());
                    seen[0]++;
                    seen[1] += cache.geometry.chunks(view.size());
                });
            }
            assertThat(segment.policy().size()).isEqualTo((int) seen[0]);
            assertThat(segment.freeChunks()).isEqualTo(cache.geometry.segmentChunks() - seen[1]);
            entries += seen[0];
        }
        assertThat(cache.map.longSize()).isEqualTo(entries);
        assertThat(cache.estimatedSize()).isEqualTo(entries);
        assertThat(entries).isLessThanOrEqualTo(cache.geometry.maximumEntries());
    }

    @Override
    public void close() {
        cache.close();
    }
}
