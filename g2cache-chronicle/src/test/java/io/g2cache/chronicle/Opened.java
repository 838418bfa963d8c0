package io.g2cache.chronicle;

import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;

/** A tier of any types, from any provider, with what is needed to write to it. */
record Opened<K, V>(LocalCache<K, V> cache, KeySpace keySpace, Codec<K> keys, ValueFormat<V> format)
        implements AutoCloseable {
    static final int MAXIMUM_ENTRIES = 10_000;

    static <K, V> Opened<K, V> open(LocalCacheProvider provider, Codec<K> keys, Codec<V> values, boolean copyOnRead) {
        KeySpace keySpace = new KeySpace("opened", 3);
        ValueFormat<V> format = new ValueFormat<>(values);
        LocalContext<K, V> context = new LocalContext<>(
                "opened",
                keySpace,
                keys,
                format,
                Floors.NONE,
                MAXIMUM_ENTRIES,
                200,
                1 << 20,
                copyOnRead,
                "test",
                TimeSource.SYSTEM);
        return new Opened<>(provider.open(context), keySpace, keys, format);
    }

    /** A provider whose hot layers take in every value at its first read. */
    static LocalCacheProvider eager(int hotEntries) {
        FlagPreflight.check(false);
        return new LocalCacheProvider() {
            @Override
            public String name() {
                return "eager";
            }

            @Override
            public <A, B> LocalCache<A, B> open(LocalContext<A, B> context) {
                return new ChronicleLocalCache<>(
                        context, Geometry.of(context, 0), 7, new HotLayer.Option(hotEntries, 1));
            }

            @Override
            public void close() {}
        };
    }

    EncodedKey key(K key) {
        return keySpace.key(keys.encode(key));
    }

    boolean apply(K key, long version, V value) {
        Entry entry = Entry.value(version, Tier.NOW + 1, Tier.NOW + 2, format.encode(value));
        return cache.apply(key(key), entry, Admission.ALWAYS);
    }

    V get(K key) {
        return cache.get(key, Tier.NOW);
    }

    @SuppressWarnings("unchecked")
    HotLayer<K, V> hot() {
        return ((ChronicleLocalCache<K, V>) cache).hot;
    }

    @Override
    public void close() {
        cache.close();
    }
}
