package io.g2cache.bench.suite;

import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/** Chronicle Map, without eviction and deadlines; a thread's reads share one array. Thread-safe. */
final class ChronicleStore<K> implements Store<K, byte[]> {
    private final ChronicleMap<K, byte[]> map;
    private final ThreadLocal<byte[]> reused = ThreadLocal.withInitial(() -> new byte[0]);

    ChronicleStore(Shape<K, byte[]> shape, K anyKey) {
        ChronicleMapBuilder<K, byte[]> builder = ChronicleMapBuilder.of(shape.keyType(), byte[].class)
                .averageValueSize(shape.valueBytes())
                .entries(shape.room())
                .putReturnsNull(true)
                .removeReturnsNull(true);
        if (anyKey instanceof String) {
            builder.averageKey(anyKey);
        }
        map = builder.create();
    }

    @Override
    public void put(K key, byte[] value) {
        map.put(key, value);
    }

    @Override
    public byte @Nullable [] get(K key) {
        byte[] before = reused.get();
        byte[] found = map.getUsing(key, before);
        if (found != null && found != before) {
            reused.set(found);
        }
        return found;
    }

    @Override
    public void remove(K key) {
        map.remove(key);
    }

    @Override
    public void clear() {
        map.clear();
    }

    @Override
    public void close() {
        map.close();
    }
}
