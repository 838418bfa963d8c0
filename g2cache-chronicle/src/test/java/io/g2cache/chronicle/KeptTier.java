package io.g2cache.chronicle;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A tier whose entries are kept, under test. */
final class KeptTier implements AutoCloseable {
    static final long NOW = 1_800_000_000_000L;
    static final long HOUR = 3_600_000;
    static final String CACHE = "kept";

    final ChronicleLocalCache<Long, byte[]> cache;
    final int partitions;
    final Map<Long, Long> tagFloors = new ConcurrentHashMap<>();
    private final KeySpace keySpace;
    private final ValueFormat<byte[]> format;

    private KeptTier(Settings settings) {
        partitions = settings.partitions;
        keySpace = new KeySpace(settings.cache, partitions);
        format = new ValueFormat<>(settings.values);
        LocalContext<Long, byte[]> context = new LocalContext<>(
                settings.cache,
                keySpace,
                settings.keys,
                format,
                new Floors() {
                    @Override
                    public long floor(int partition) {
                        return Long.MIN_VALUE;
                    }

                    @Override
                    public long tagFloor(int partition, long tag) {
                        return tagFloors.getOrDefault(tag, Long.MIN_VALUE);
                    }
                },
                settings.maximumEntries,
                settings.averageEntryBytes,
                settings.maximumValueBytes,
                false,
                settings.generation,
                settings.time);
        FlagPreflight.check(true);
        Persistence persistence = new Persistence(settings.root, settings.timeout, settings.bootId);
        cache = new Opening<>(context, Geometry.of(context, settings.segments), persistence, new HotLayer.Option(20, 1))
                .open();
    }

    static Settings in(Path root) {
        return new Settings(root);
    }

    /** How it is opened. */
    static final class Settings {
        final Path root;
        String cache = CACHE;
        int partitions = 4;
        Codec<Long> keys = Codecs.int64();
        Codec<byte[]> values = Codecs.bytes();
        long maximumEntries = 1_000;
        int averageEntryBytes = 100;
        int maximumValueBytes = 1 << 16;
        int segments = 4;
        String generation = "first";
        String bootId = "boot-1";
        Duration timeout = Duration.ofSeconds(30);
        TimeSource time = new FixedTime();

        private Settings(Path root) {
            this.root = root;
        }

        Settings size(long entries, int averageBytes, int segmentCount) {
            maximumEntries = entries;
            averageEntryBytes = averageBytes;
            segments = segmentCount;
            return this;
        }

        KeptTier open() {
            return new KeptTier(this);
        }
    }

    /** Stands at {@link #NOW}; the monotonic clock moves by a step with every look. */
    static final class FixedTime implements TimeSource {
        private final long stepNanos;
        private long nanos;

        FixedTime() {
            this(0);
        }

        FixedTime(long stepNanos) {
            this.stepNanos = stepNanos;
        }

        @Override
        public long wallMillis() {
            return NOW;
        }

        @Override
        public synchronized long monotonicNanos() {
            nanos += stepNanos;
            return nanos;
        }
    }

    EncodedKey key(long key) {
        return keySpace.key(Codecs.int64().encode(key));
    }

    Entry entry(long version, byte @Nullable [] value) {
        return value == null
                ? Entry.absent(version, NOW + HOUR, NOW + 2 * HOUR)
                : Entry.value(version, NOW + HOUR, NOW + 2 * HOUR, format.encode(value));
    }

    boolean fill(long key, long version, byte @Nullable [] value) {
        return cache.fill(key(key), entry(version, value), Admission.ALWAYS);
    }

    boolean apply(long key, long version, byte @Nullable [] value) {
        return cache.apply(key(key), entry(version, value), Admission.ALWAYS);
    }

    @Nullable
    LocalEntry<byte[]> find(long key) {
        return cache.find(key(key));
    }

    byte @Nullable [] value(long key) {
        LocalEntry<byte[]> found = find(key);
        return found == null ? null : found.value();
    }

    Restored restored() {
        return Objects.requireNonNull(cache.restored(), "the tier started empty");
    }

    int maximumPayload() {
        return (int) cache.geometry.maximumSize() - EntryLayout.HEADER_BYTES - Long.BYTES - ValueFormat.HEADER_BYTES;
    }

    /** A checkpoint that is the same in every partition. */
    Checkpoint checkpoint(long position, long floor) {
        Checkpoint checkpoint =
                new Checkpoint(LogPosition.all(partitions, position), LogPosition.all(partitions, floor));
        cache.checkpoint(checkpoint);
        return checkpoint;
    }

    /** Copies the files as they are, as if the process had been killed at this moment. */
    static Path copy(Path root, Path to) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(root.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    @Override
    public void close() {
        cache.close();
    }
}
