package io.g2cache.bench.suite;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.spi.LocalCacheProvider;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node with nothing but a local tier. Thread-safe. */
final class OurStore<K, V> implements Store<K, V> {
    private static final int HEADER_BYTES = 24;

    private final G2Node node;
    private final G2Cache<K, V> cache;

    OurStore(LocalCacheProvider provider, Shape<K, V> shape, UnaryOperator<CacheSpecBuilder<K, V>> change) {
        node = G2Node.builder().local(provider).build();
        cache = node.cache(change.apply(CacheSpec.builder("bench", shape.keyCodec(), shape.valueCodec())
                        .lifetime(Lifetime.hard(Duration.ofDays(1)))
                        .maximumEntries(shape.room())
                        .averageEntryBytes(shape.keyBytes() + HEADER_BYTES + shape.valueBytes()))
                .build());
    }

    @Override
    public void put(K key, V value) {
        var unused = cache.put(key, value);
    }

    @Override
    public @Nullable V get(K key) {
        return cache.get(key);
    }

    @Override
    public V load(K key, Function<K, V> loader) {
        return Objects.requireNonNull(cache.get(key, loader::apply));
    }

    @Override
    public Map<K, V> getAll(Collection<K> keys) {
        return cache.getAll(keys);
    }

    @Override
    public void remove(K key) {
        var unused = cache.invalidate(key);
    }

    @Override
    public void clear() {
        var unused = cache.clear();
    }

    void invalidateTag(String tag) {
        var unused = cache.invalidateTag(tag);
    }

    @Override
    public void close() {
        node.close();
    }
}
