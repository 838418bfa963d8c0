package io.g2cache.bench.suite;

import io.g2cache.spi.Codec;

/**
 * What a store is to hold. Room is for twice the entries, so that none is evicted.
 *
 * @param keyType class of the keys
 * @param keyCodec codec of the keys
 * @param valueType class of the values
 * @param valueCodec codec of the values
 * @param entries how many are put
 * @param keyBytes average size of a stored key
 * @param valueBytes average size of a stored value
 */
record Shape<K, V>(
        Class<K> keyType,
        Codec<K> keyCodec,
        Class<V> valueType,
        Codec<V> valueCodec,
        int entries,
        int keyBytes,
        int valueBytes) {
    long room() {
        return 2L * entries;
    }

    /** Bytes for that room, with so many for each entry besides its key and value. */
    long roomBytes(int overhead) {
        return room() * (keyBytes + valueBytes + overhead);
    }
}
