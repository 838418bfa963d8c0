package io.g2cache.internal;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import org.jspecify.annotations.Nullable;

/**
 * The local tier of a node that has not reached its log: holds nothing, so that the real one stays as it was kept until its
 * generation is known. Stateless and thread-safe.
 */
final class NoLocal implements LocalCacheProvider {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        return new Nothing<>();
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private static final class Nothing<K, V> implements LocalCache<K, V> {
        @Override
        public @Nullable V get(K key, long nowMillis) {
            return null;
        }

        @Override
        public @Nullable LocalEntry<V> find(EncodedKey key) {
            return null;
        }

        @Override
        public boolean fill(EncodedKey key, Entry entry, Admission admission) {
            return false;
        }

        @Override
        public boolean apply(EncodedKey key, Entry entry, Admission admission) {
            return false;
        }

        @Override
        public boolean remove(EncodedKey key, long version) {
            return false;
        }

        @Override
        public void discard(EncodedKey key) {
            // Holds nothing.
        }

        @Override
        public void discardAll() {
            // Holds nothing.
        }

        @Override
        public long estimatedSize() {
            return 0;
        }

        @Override
        public long evictions() {
            return 0;
        }

        @Override
        public void cleanUp(long nowMillis) {
            // Holds nothing.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
