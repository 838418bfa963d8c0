package io.g2cache.bench.suite;

import io.g2cache.spi.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.caffinitas.ohc.CacheSerializer;
import org.caffinitas.ohc.OHCache;
import org.caffinitas.ohc.OHCacheBuilder;
import org.jspecify.annotations.Nullable;

/** OHC with its linked table, keys and values written by our codecs. Thread-safe. */
final class OhcStore<K, V> implements Store<K, V> {
    private static final int OVERHEAD_BYTES = 128;
    private static final long LEAST_BYTES = 16L << 20;

    private final OHCache<K, V> cache;

    private record Serializer<T>(Codec<T> codec) implements CacheSerializer<T> {
        @Override
        public void serialize(T value, ByteBuffer buffer) {
            byte[] bytes = codec.encode(value);
            buffer.putInt(bytes.length).put(bytes);
        }

        @Override
        public T deserialize(ByteBuffer buffer) {
            int length = buffer.getInt();
            return codec.decode(buffer.slice(buffer.position(), length));
        }

        @Override
        public int serializedSize(T value) {
            return Integer.BYTES + codec.encode(value).length;
        }
    }

    OhcStore(Shape<K, V> shape) {
        cache = OHCacheBuilder.<K, V>newBuilder()
                .keySerializer(new Serializer<>(shape.keyCodec()))
                .valueSerializer(new Serializer<>(shape.valueCodec()))
                .capacity(LEAST_BYTES + shape.roomBytes(OVERHEAD_BYTES))
                .build();
    }

    @Override
    public void put(K key, V value) {
        cache.put(key, value);
    }

    @Override
    public @Nullable V get(K key) {
        return cache.get(key);
    }

    @Override
    public void remove(K key) {
        cache.remove(key);
    }

    @Override
    public void clear() {
        cache.clear();
    }

    @Override
    public void close() {
        try {
            cache.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
