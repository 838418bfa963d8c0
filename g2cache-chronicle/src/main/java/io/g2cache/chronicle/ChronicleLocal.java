package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local tier off the heap: Chronicle Map, in memory. Values are kept encoded and decoded on every hit, so that callers
 * never share an object. Heap is taken by about 32 bytes an entry, for the eviction.
 *
 * <p>The memory of a cache is bounded by its maximum of entries and their average size, with a quarter of head-room, and is
 * committed by the operating system as it is used. Whatever does not fit evicts; a single value too large for the tier is
 * refused by its name. Immutable and thread-safe. Call its caches from platform threads: every thread that uses a cache
 * takes some kilobytes of heap for it.
 *
 * <p>Needs JVM flags; {@link Builder#build} names those that are missing.
 */
public final class ChronicleLocal implements LocalCacheProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleLocal.class);

    private final int segments;

    private ChronicleLocal(Builder builder) {
        segments = builder.segments;
    }

    /** A builder; everything in it is optional. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link ChronicleLocal}. Not thread-safe. */
    public static final class Builder {
        private static final int MOST_SEGMENTS = 1 << 16;

        private int segments;

        private Builder() {}

        /**
         * Parts of each cache that are locked apart from each other: a power of two from 1 to 65,536; fewer are used where a
         * cache has fewer entries. An entry must fit into one segment. By default as many as leave each enough room for
         * entries, 64 at most for all but the largest caches.
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
         * The provider. Turns Chronicle's usage reports and start-up banner off for this JVM.
         *
         * @throws TierException if the JVM lacks a flag; the message says what to add
         */
        public ChronicleLocal build() {
            FlagPreflight.check();
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
     * <p>The first call in a JVM takes about a second.
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
            return new ChronicleLocalCache<>(context, geometry, new SecureRandom().nextLong());
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new TierException(
                    "cache=" + context.cache() + " cannot be opened with maximumEntries=" + context.maximumEntries()
                            + ", averageEntryBytes=" + context.averageEntryBytes(),
                    e);
        }
    }

    @Override
    public void close() {}
}
