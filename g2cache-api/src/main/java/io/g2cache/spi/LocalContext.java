package io.g2cache.spi;

/**
 * What a local tier is opened with.
 *
 * @param cache name of the cache
 * @param keySpace hashes and partitions of its keys
 * @param keyCodec codec of the keys
 * @param valueFormat format of the stored values
 * @param floors which entries are dead
 * @param maximumEntries upper bound of the entries held
 * @param averageEntryBytes expected size of key and stored value together
 * @param maximumValueBytes largest stored value, header included
 * @param copyOnRead whether every read must return a value of its own
 * @param generation which versions these are; a tier that keeps entries over a restart drops those of any other generation
 * @param time time source
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public record LocalContext<K, V>(
        String cache,
        KeySpace keySpace,
        Codec<K> keyCodec,
        ValueFormat<V> valueFormat,
        Floors floors,
        long maximumEntries,
        int averageEntryBytes,
        int maximumValueBytes,
        boolean copyOnRead,
        String generation,
        TimeSource time) {}
