package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local tier off the heap: Chronicle Map, in memory, or in files that outlive the process. Values are kept encoded and
 * decoded on every hit. The few used most stay decoded on the heap besides ({@link Builder#hotEntries}), under the same
 * versions and deadlines; those are shared between callers, who must not change them, unless the cache copies on read. Heap
 * is taken by those and by about 32 bytes an entry, for the eviction.
 *
 * <p>The memory of a cache is bounded by its maximum of entries and their average size, with a quarter of head-room, and is
 * committed by the operating system as it is used. Whatever does not fit evicts; a single value too large for the tier is
 * refused by its name. Immutable and thread-safe. A platform thread that writes takes some kilobytes of heap for each cache;
 * virtual threads take none: they read by themselves and hand their writes to a few daemon threads, which costs some
 * microseconds.
 *
 * <p>Needs JVM flags; {@link Builder#build} names those that are missing.
 */
public final class ChronicleLocal implements LocalCacheProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleLocal.class);

    private static final int USUAL_HOT_SHARE = 100;
    private static final int MOST_USUAL_HOT_ENTRIES = 1 << 16;

    private final int segments;
    private final int hotEntries;
    private final @Nullable Persistence persistence;

    private ChronicleLocal(Builder builder) {
        segments = builder.segments;
        hotEntries = builder.hotEntries;
        persistence = builder.directory == null
                ? null
                : new Persistence(builder.directory, builder.recoveryTimeout, Persistence.currentBootId());
    }

    /** A builder; everything in it is optional. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link ChronicleLocal}. Not thread-safe. */
    public static final class Builder {
        private static final int MOST_SEGMENTS = 1 << 16;
        private static final Duration LONGEST_RECOVERY = Duration.ofDays(1);

        private static final int USUAL = -1;

        private int segments;
        private int hotEntries = USUAL;
        private @Nullable Path directory;
        private Duration recoveryTimeout = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * Parts of each cache that are locked apart from each other: a power of two from 1 to 65,536; fewer are used where a
         * cache has fewer entries. An entry must fit into one segment. By default as many as leave each enough room for
         * entries, 256 at most for all but the largest caches.
         *
         * @throws IllegalArgumentException if it is no such number
         */
        public Builder segments(int value) {
            if (value < 1 || value > MOST_SEGMENTS || Integer.bitCount(value) != 1) {
                throw new IllegalArgumentException(
                        "segments=" + value + " must be a power of two from 1 to " + MOST_SEGMENTS);
            }
            segments = value;
            return this;
        }

        /**
         * Keeps the entries of every cache in files, so that it is warm after a restart, also after a crash of the process.
         * Each cache has a directory of its own name in the one given, for one process at a time; both are made where they
         * are missing. Takes the same memory (as page cache) and as much on the disk, twice while a cache is opened after a
         * kill. By default nothing is kept. Without a log, every start of the node must use the directory: what happens in
         * a start without it is not known at the next one with it.
         *
         * @param newDirectory best on a local disk
         */
        public Builder persistTo(Path newDirectory) {
            directory = Objects.requireNonNull(newDirectory, "directory");
            return this;
        }

        /**
         * How long opening a cache may take to read what is kept; past it the cache starts empty. Thirty seconds by default.
         *
         * @throws IllegalArgumentException if it is not positive, or longer than a day
         */
        public Builder recoveryTimeout(Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(LONGEST_RECOVERY) > 0) {
                throw new IllegalArgumentException(
                        "recoveryTimeout=" + value + " must be positive and at most " + LONGEST_RECOVERY);
            }
            recoveryTimeout = value;
            return this;
        }

        /**
         * How many of the values used most stay decoded on the heap too, at most; 0 turns that off. A hit there decodes and
         * copies nothing; callers share the value and must not change it. Large values count as several. By default a
         * hundredth of the cache's maximum of entries, 65,536 at most. Caches that copy on read keep none.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder hotEntries(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("hotEntries=" + value + " must not be negative");
            }
            hotEntries = value;
            return this;
        }

        /**
         * The provider. Turns Chronicle's usage reports and start-up banner off for this JVM.
         *
         * @throws TierException if the JVM lacks a flag; the message says what to add
         */
        public ChronicleLocal build() {
            FlagPreflight.check(directory != null);
            return new ChronicleLocal(this);
        }
    }

    @Override
    public String name() {
        return "chronicle";
    }

    /**
     * {@inheritDoc}
     *
     * <p>The first call in a JVM takes some tenths of a second. Where entries are kept, it reads them and blocks meanwhile.
     * What cannot be used is deleted, and the log says why. A full or failing disk is an error in the log, and the tier works
     * in memory.
     *
     * @throws TierException if the directory is in use by another tier or process, is no directory, or is not writable
     */
    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        try {
            Geometry geometry = Geometry.of(context, segments);
            if (geometry.maximumSize() < context.maximumValueBytes()) {
                LOG.info(
                        "cache={}: values above bytes={} are not held locally, though maximumValueBytes={}; raise maximumEntries or averageEntryBytes, or use fewer segments",
                        context.cache(),
                        geometry.maximumSize(),
                        context.maximumValueBytes());
            }
            return persistence == null
                    ? new ChronicleLocalCache<>(context, geometry, new SecureRandom().nextLong(), hotLayer(context))
                    : new Opening<>(context, geometry, persistence, hotLayer(context)).open();
        } catch (TierException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new TierException(
                    "cache=" + context.cache() + " cannot be opened with maximumEntries=" + context.maximumEntries()
                            + ", averageEntryBytes=" + context.averageEntryBytes(),
                    e);
        }
    }

    private HotLayer.Option hotLayer(LocalContext<?, ?> context) {
        long usual = Math.min(MOST_USUAL_HOT_ENTRIES, context.maximumEntries() / USUAL_HOT_SHARE);
        return HotLayer.Option.of(hotEntries == Builder.USUAL ? usual : Math.min(hotEntries, context.maximumEntries()));
    }

    @Override
    public void close() {}
}
