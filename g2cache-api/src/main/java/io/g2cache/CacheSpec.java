package io.g2cache;

import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.spi.Codec;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a cache is: its name, codecs, lifetimes, sizes and policies. Immutable and thread-safe; made by
 * {@link #builder}.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class CacheSpec<K, V> {
    private final CacheSpecBuilder<K, V> values;

    CacheSpec(CacheSpecBuilder<K, V> values) {
        this.values = values;
    }

    /**
     * A builder.
     *
     * @param name 1 to 64 of the characters {@code A-Z a-z 0-9 _ . -}
     * @param keyCodec codec of the keys
     * @param valueCodec codec of the values
     */
    public static <K, V> CacheSpecBuilder<K, V> builder(String name, Codec<K> keyCodec, Codec<V> valueCodec) {
        return new CacheSpecBuilder<>(name, keyCodec, valueCodec);
    }

    /** Name of the cache. */
    public String name() {
        return values.name;
    }

    /** Codec of the keys. */
    public Codec<K> keyCodec() {
        return values.keyCodec;
    }

    /** Codec of the values. */
    public Codec<V> valueCodec() {
        return values.valueCodec;
    }

    /** Lifetime of values for which none is given; 5 minutes soft by default. */
    public Lifetime lifetime() {
        return values.lifetime;
    }

    /** Upper bound of every lifetime of this cache; empty means the node's. */
    public Optional<Duration> maximumLifetime() {
        return Optional.ofNullable(values.maximumLifetime);
    }

    /** Lifetime of "the source has no such key"; empty means that it is not cached. */
    public Optional<Lifetime> absentLifetime() {
        return Optional.ofNullable(values.absentLifetime);
    }

    /** Upper bound of the entries in the local tier; 100,000 by default. */
    public long maximumEntries() {
        return values.maximumEntries;
    }

    /** Expected size of key and value together, in bytes; 512 by default. An off-heap tier sizes itself by it. */
    public int averageEntryBytes() {
        return values.averageEntryBytes;
    }

    /** Largest encoded key in bytes; 8 KiB by default. */
    public int maximumKeyBytes() {
        return values.maximumKeyBytes;
    }

    /** Largest encoded value in bytes; 1 MiB by default. */
    public int maximumValueBytes() {
        return values.maximumValueBytes;
    }

    /** What a put tells the other nodes; {@link PublishMode#INVALIDATE} by default. */
    public PublishMode publish() {
        return values.publish;
    }

    /** What becomes of a write that the log does not take; {@link WhenLogIsAway#FAIL} by default. */
    public WhenLogIsAway whenLogIsAway() {
        return values.whenLogIsAway;
    }

    /** Whether every load's value is published to all nodes; off by default. */
    public boolean publishLoads() {
        return values.publishLoads;
    }

    /** Whether every read returns a value of its own; off by default, and values are then to be treated as immutable. */
    public boolean copyOnRead() {
        return values.copyOnRead;
    }

    /**
     * How many calls of the loader may be under way at once on this node; 64 by default, 0 for any number. Further loads wait
     * for a place, at most for {@link #loadTimeout()}. Obsolete entries are served meanwhile and refreshed later. What a loader
     * asks of a cache itself, in its own thread or by an asynchronous call from it, needs no place.
     */
    public int maximumLoads() {
        return values.maximumLoads;
    }

    /**
     * How long a caller waits for a load of another thread, and for the tiers; 30 seconds by default. A loader that runs in
     * its caller's own thread is not ended by it.
     */
    public Duration loadTimeout() {
        return values.loadTimeout;
    }

    /**
     * How much longer than its hard deadline an entry is kept, to be served when the loader fails or takes too long, and then
     * only; zero, the default, means not at all.
     */
    public Duration failSafeFor() {
        return values.failSafeFor;
    }

    /**
     * How long a reader waits for a load where an expired entry is kept, before it gets that, while the load goes on; empty,
     * the default, means {@link #loadTimeout()}.
     */
    public Optional<Duration> softTimeout() {
        return Optional.ofNullable(values.softTimeout);
    }

    /**
     * Whether loaders always run on the node's threads, so that their callers can leave them behind at {@link #loadTimeout()};
     * always so with a {@link #softTimeout()}, and off by default: the loader of a synchronous call runs in its caller's
     * thread, and is waited for without a limit there.
     */
    public boolean boundedLoads() {
        return values.boundedLoads || values.softTimeout != null;
    }

    /**
     * For how long a key is not loaded again after a load of it has failed; its readers get what is kept of it, or the
     * failure. Zero, the default, means that it is tried at once. {@link G2Cache#refresh} always tries.
     */
    public Duration failureThrottle() {
        return values.failureThrottle;
    }

    /**
     * How long this node waits for another node's load of a key before it loads itself; empty, the default, means that each
     * node loads for itself. Bulk loads and {@link G2Cache#refresh} never wait. Of no effect without an out tier.
     */
    public Optional<Duration> clusterLoad() {
        return Optional.ofNullable(values.clusterLoad);
    }

    /**
     * How eagerly hot entries are refreshed ahead of their soft deadline: 0, the default, for never; with 1, about a load's
     * duration ahead; with more, earlier.
     */
    public double refreshAhead() {
        return values.refreshAhead;
    }

    /**
     * How long ago the log's end may be that this node is known to have applied; what the local tier holds is not served
     * beyond that, but kept. Empty means the node's.
     */
    public Optional<Duration> maxStaleness() {
        return Optional.ofNullable(values.maxStaleness);
    }

    /**
     * How stale the entries that the local tier has kept over a restart may be while they are brought up to date behind the
     * callers' backs. Empty, the default, means that opening the cache waits, and that they are not served before.
     */
    public Optional<Duration> serveWhileCatchingUp() {
        return Optional.ofNullable(values.serveWhileCatchingUp);
    }

    /**
     * Whether an empty local tier is filled from the values that the log holds when the cache is opened; off by default. Only
     * a cache that publishes values has any there.
     */
    public boolean preload() {
        return values.preload;
    }

    /** What gives the entries their tags; null means that they have none. */
    public @Nullable Tagger<? super K, ? super V> tags() {
        return values.tags;
    }

    /**
     * What seals the values in the log and the out tier; null, the default, means that they lie there as the codec writes them.
     * All nodes need the same keys.
     */
    public @Nullable Encryption encryption() {
        return values.encryption;
    }

    /**
     * What takes the place of the keys, and of the tags, in the log and all tiers; null, the default, means that they lie there
     * readably. All nodes need the same secret.
     */
    public @Nullable KeyHasher keyHasher() {
        return values.keyHasher;
    }

    /** The loader of reads that bring none, and of refreshes. */
    public @Nullable CacheLoader<? super K, ? extends V> loader() {
        return values.loader;
    }

    @Override
    public String toString() {
        return "CacheSpec[name=" + name() + ", lifetime=" + lifetime() + ", maximumEntries=" + maximumEntries() + "]";
    }
}
