package io.g2cache;

import io.g2cache.crypto.Encryption;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.spi.Codec;
import io.g2cache.spi.ValueFormat;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link CacheSpec}. Every setter fails fast with an exception that names the value and the limit. Not
 * thread-safe.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class CacheSpecBuilder<K, V> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int LARGEST_KEY = 1 << 16;
    private static final int LARGEST_VALUE = 1 << 28;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long LONGEST_FAIL_SAFE = Duration.ofDays(3650).toMillis();

    final String name;
    final Codec<K> keyCodec;
    final Codec<V> valueCodec;
    Lifetime lifetime = Lifetime.of(Duration.ofMinutes(5));

    @Nullable
    Duration maximumLifetime;

    @Nullable
    Lifetime absentLifetime;

    long maximumEntries = 100_000;
    int averageEntryBytes = 512;
    int maximumKeyBytes = 8 << 10;
    int maximumValueBytes = 1 << 20;
    PublishMode publish = PublishMode.INVALIDATE;
    WhenLogIsAway whenLogIsAway = WhenLogIsAway.FAIL;
    boolean publishLoads;
    boolean copyOnRead;
    int maximumLoads = 64;
    Duration loadTimeout = Duration.ofSeconds(30);

    Duration failSafeFor = Duration.ZERO;
    boolean boundedLoads;
    Duration failureThrottle = Duration.ZERO;
    double refreshAhead;

    @Nullable
    Duration softTimeout;

    @Nullable
    Duration clusterLoad;

    @Nullable
    Duration maxStaleness;

    @Nullable
    Duration serveWhileCatchingUp;

    boolean preload;

    @Nullable
    CacheLoader<? super K, ? extends V> loader;

    @Nullable
    Tagger<? super K, ? super V> tags;

    @Nullable
    Encryption encryption;

    @Nullable
    KeyHasher keyHasher;

    CacheSpecBuilder(String name, Codec<K> keyCodec, Codec<V> valueCodec) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("cache name '" + name + "' must match " + NAME);
        }
        this.name = name;
        this.keyCodec = keyCodec;
        this.valueCodec = valueCodec;
        new ValueFormat<>(valueCodec);
    }

    private CacheSpecBuilder(CacheSpecBuilder<K, V> other) {
        this.name = other.name;
        this.keyCodec = other.keyCodec;
        this.valueCodec = other.valueCodec;
        this.lifetime = other.lifetime;
        this.maximumLifetime = other.maximumLifetime;
        this.absentLifetime = other.absentLifetime;
        this.maximumEntries = other.maximumEntries;
        this.averageEntryBytes = other.averageEntryBytes;
        this.maximumKeyBytes = other.maximumKeyBytes;
        this.maximumValueBytes = other.maximumValueBytes;
        this.publish = other.publish;
        this.whenLogIsAway = other.whenLogIsAway;
        this.publishLoads = other.publishLoads;
        this.copyOnRead = other.copyOnRead;
        this.maximumLoads = other.maximumLoads;
        this.loadTimeout = other.loadTimeout;
        this.failSafeFor = other.failSafeFor;
        this.softTimeout = other.softTimeout;
        this.boundedLoads = other.boundedLoads;
        this.failureThrottle = other.failureThrottle;
        this.clusterLoad = other.clusterLoad;
        this.refreshAhead = other.refreshAhead;
        this.maxStaleness = other.maxStaleness;
        this.serveWhileCatchingUp = other.serveWhileCatchingUp;
        this.preload = other.preload;
        this.loader = other.loader;
        this.tags = other.tags;
        this.encryption = other.encryption;
        this.keyHasher = other.keyHasher;
    }

    /** See {@link CacheSpec#lifetime()}. */
    public CacheSpecBuilder<K, V> lifetime(Lifetime value) {
        lifetime = value;
        return this;
    }

    /** See {@link CacheSpec#maximumLifetime()}. */
    public CacheSpecBuilder<K, V> maximumLifetime(Duration value) {
        maximumLifetime = Lifetime.hard(value).hard();
        return this;
    }

    /** See {@link CacheSpec#absentLifetime()}. */
    public CacheSpecBuilder<K, V> absentLifetime(Lifetime value) {
        absentLifetime = value;
        return this;
    }

    /** See {@link CacheSpec#maximumEntries()}; 1 to 2^31. */
    public CacheSpecBuilder<K, V> maximumEntries(long value) {
        maximumEntries = inRange("maximumEntries", value, 1, 1L << 31);
        return this;
    }

    /** See {@link CacheSpec#averageEntryBytes()}; 16 bytes to 256 MiB. */
    public CacheSpecBuilder<K, V> averageEntryBytes(int value) {
        averageEntryBytes = (int) inRange("averageEntryBytes", value, 16, LARGEST_VALUE);
        return this;
    }

    /** See {@link CacheSpec#maximumKeyBytes()}; 1 byte to 64 KiB. */
    public CacheSpecBuilder<K, V> maximumKeyBytes(int value) {
        maximumKeyBytes = (int) inRange("maximumKeyBytes", value, 1, LARGEST_KEY);
        return this;
    }

    /** See {@link CacheSpec#maximumValueBytes()}; 1 byte to 256 MiB. */
    public CacheSpecBuilder<K, V> maximumValueBytes(int value) {
        maximumValueBytes = (int) inRange("maximumValueBytes", value, 1, LARGEST_VALUE);
        return this;
    }

    /** See {@link CacheSpec#publish()}. */
    public CacheSpecBuilder<K, V> publish(PublishMode value) {
        publish = value;
        return this;
    }

    /** See {@link CacheSpec#whenLogIsAway()}; {@link WhenLogIsAway#QUEUE} needs a node with a write queue. */
    public CacheSpecBuilder<K, V> whenLogIsAway(WhenLogIsAway value) {
        whenLogIsAway = value;
        return this;
    }

    /** See {@link CacheSpec#publishLoads()}. */
    public CacheSpecBuilder<K, V> publishLoads(boolean value) {
        publishLoads = value;
        return this;
    }

    /** See {@link CacheSpec#copyOnRead()}. */
    public CacheSpecBuilder<K, V> copyOnRead(boolean value) {
        copyOnRead = value;
        return this;
    }

    /** See {@link CacheSpec#maximumLoads()}; 0 to 2^20. */
    public CacheSpecBuilder<K, V> maximumLoads(int value) {
        maximumLoads = (int) inRange("maximumLoads", value, 0, 1 << 20);
        return this;
    }

    /** See {@link CacheSpec#loadTimeout()}; 1 ms to 1 hour. */
    public CacheSpecBuilder<K, V> loadTimeout(Duration value) {
        loadTimeout = duration("loadTimeout", value, 1, HOUR);
        return this;
    }

    /**
     * See {@link CacheSpec#failSafeFor()}; up to 3650 days. Together with the hard limit of each lifetime it must not be above
     * the maximum lifetime of cache and node.
     */
    public CacheSpecBuilder<K, V> failSafeFor(Duration value) {
        failSafeFor = duration("failSafeFor", value, 0, LONGEST_FAIL_SAFE);
        return this;
    }

    /** See {@link CacheSpec#softTimeout()}; 1 ms to 1 hour, below {@code loadTimeout}, and only with {@code failSafeFor}. */
    public CacheSpecBuilder<K, V> softTimeout(Duration value) {
        softTimeout = duration("softTimeout", value, 1, HOUR);
        return this;
    }

    /** See {@link CacheSpec#boundedLoads()}. */
    public CacheSpecBuilder<K, V> boundedLoads(boolean value) {
        boundedLoads = value;
        return this;
    }

    /** See {@link CacheSpec#failureThrottle()}; up to 1 hour. */
    public CacheSpecBuilder<K, V> failureThrottle(Duration value) {
        failureThrottle = duration("failureThrottle", value, 0, HOUR);
        return this;
    }

    /** See {@link CacheSpec#clusterLoad()}; 1 ms to 1 hour, below {@code loadTimeout}. */
    public CacheSpecBuilder<K, V> clusterLoad(Duration waitAtMost) {
        clusterLoad = duration("clusterLoad", waitAtMost, 1, HOUR);
        return this;
    }

    /** See {@link CacheSpec#refreshAhead()}; 0 to 1000. */
    public CacheSpecBuilder<K, V> refreshAhead(double beta) {
        if (!(beta >= 0 && beta <= 1000)) {
            throw new IllegalArgumentException("refreshAhead=" + beta + " must be from 0 to 1000");
        }
        refreshAhead = beta;
        return this;
    }

    /** See {@link CacheSpec#maxStaleness()}; 2 seconds to 3650 days. */
    public CacheSpecBuilder<K, V> maxStaleness(Duration value) {
        maxStaleness = Limits.staleness("maxStaleness", value);
        return this;
    }

    /** See {@link CacheSpec#serveWhileCatchingUp()}; 2 seconds to 3650 days. */
    public CacheSpecBuilder<K, V> serveWhileCatchingUp(Duration value) {
        serveWhileCatchingUp = Limits.staleness("serveWhileCatchingUp", value);
        return this;
    }

    /** See {@link CacheSpec#preload()}. */
    public CacheSpecBuilder<K, V> preload(boolean value) {
        preload = value;
        return this;
    }

    /** See {@link CacheSpec#loader()}. */
    public CacheSpecBuilder<K, V> loader(CacheLoader<? super K, ? extends V> value) {
        loader = value;
        return this;
    }

    /** See {@link CacheSpec#tags()}. */
    public CacheSpecBuilder<K, V> tags(Tagger<? super K, ? super V> value) {
        tags = value;
        return this;
    }

    /** See {@link CacheSpec#encryption()}. */
    public CacheSpecBuilder<K, V> encryption(Encryption value) {
        encryption = value;
        return this;
    }

    /** See {@link CacheSpec#keyHasher()}; costs some tenths of a microsecond in every call. */
    public CacheSpecBuilder<K, V> hashKeys(KeyHasher value) {
        keyHasher = value;
        return this;
    }

    private static Duration duration(String what, Duration value, long leastMillis, long mostMillis) {
        return Limits.inRange(what, value, Duration.ofMillis(leastMillis), Duration.ofMillis(mostMillis));
    }

    private static long inRange(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " must be from " + least + " to " + most);
        }
        return value;
    }

    /**
     * The specification; later calls of this builder do not change it.
     *
     * @throws InvalidLifetimeException if a lifetime, and what is kept of it longer, is above the maximum
     * @throws IllegalArgumentException if a shorter wait is not below {@code loadTimeout}, or {@code softTimeout} is set without
     *     {@code failSafeFor}
     */
    public CacheSpec<K, V> build() {
        Duration maximum = maximumLifetime;
        if (maximum != null) {
            requireAtMost("lifetime", lifetime, maximum);
            if (absentLifetime != null) {
                requireAtMost("absentLifetime", absentLifetime, maximum);
            }
        }
        requireShorter("softTimeout", softTimeout);
        requireShorter("clusterLoad", clusterLoad);
        if (softTimeout != null && failSafeFor.isZero()) {
            throw new IllegalArgumentException("softTimeout=" + softTimeout + " needs failSafeFor, which is zero");
        }
        return new CacheSpec<>(new CacheSpecBuilder<>(this));
    }

    private void requireShorter(String what, @Nullable Duration wait) {
        if (wait != null && wait.compareTo(loadTimeout) >= 0) {
            throw new IllegalArgumentException(what + "=" + wait + " must be below loadTimeout=" + loadTimeout);
        }
    }

    private void requireAtMost(String what, Lifetime value, Duration maximum) {
        if (value.hard().plus(failSafeFor).compareTo(maximum) > 0) {
            throw new InvalidLifetimeException(what + "=" + value
                    + (failSafeFor.isZero() ? "" : " and failSafeFor=" + failSafeFor + " together")
                    + " exceeds maximumLifetime=" + maximum);
        }
    }
}
