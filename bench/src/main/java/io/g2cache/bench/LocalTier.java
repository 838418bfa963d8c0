package io.g2cache.bench;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A local tier without the engine, filled with a workload. Reads are thread-safe; {@link #put} is for one thread. */
final class LocalTier implements AutoCloseable {
    /** Room for twice the workload, so that no read is a miss. */
    static final int MAXIMUM_ENTRIES = 2 * Workload.ENTRIES;

    /** Key, header and value. */
    static final int ENTRY_BYTES = 16 + ValueFormat.HEADER_BYTES + Workload.VALUE_BYTES;

    private static final String CACHE = "bench";
    private static final int MAXIMUM_VALUE_BYTES = 1 << 20;

    private final LocalCacheProvider provider;
    private final LocalCache<String, byte[]> tier;
    private final KeySpace keySpace = new KeySpace(CACHE, 1);
    private final long deadline = TimeSource.SYSTEM.wallMillis() + TimeUnit.DAYS.toMillis(1);
    private long version;

    LocalTier(LocalCacheProvider provider, Workload workload) {
        this(provider, MAXIMUM_ENTRIES);
        for (int i = 0; i < workload.entries(); i++) {
            put(workload.key(i), stored(workload.value(i)));
        }
    }

    /** An empty one. */
    LocalTier(LocalCacheProvider provider, int maximumEntries) {
        this.provider = provider;
        ValueFormat<byte[]> format = new ValueFormat<>(Codecs.bytes());
        this.tier = provider.open(new LocalContext<>(
                CACHE,
                keySpace,
                Codecs.string(),
                format,
                Floors.NONE,
                maximumEntries,
                ENTRY_BYTES,
                MAXIMUM_VALUE_BYTES,
                false,
                "test",
                TimeSource.SYSTEM));
    }

    /** A value as tiers store it. */
    static byte[] stored(byte[] value) {
        return new ValueFormat<>(Codecs.bytes()).encode(value);
    }

    /** A read as the engine does it: it asks the clock, as deadlines need it. */
    byte @Nullable [] get(String key) {
        return tier.get(key, TimeSource.SYSTEM.wallMillis());
    }

    /** The tier's part of a read. */
    byte @Nullable [] get(String key, long nowMillis) {
        return tier.get(key, nowMillis);
    }

    /** Applies an event with a stored value; versions ascend. */
    boolean put(String key, byte[] stored) {
        EncodedKey encoded = keySpace.key(key.getBytes(StandardCharsets.UTF_8));
        return tier.apply(encoded, Entry.value(++version, deadline, deadline, stored), Admission.ALWAYS);
    }

    @Override
    public void close() {
        tier.close();
        provider.close();
    }
}
