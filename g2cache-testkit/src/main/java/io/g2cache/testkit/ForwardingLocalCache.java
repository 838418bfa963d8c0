package io.g2cache.testkit;

import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.Restored;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands every call on to another tier; a subclass changes those that it watches or disturbs. Thread-safe where the other
 * tier is.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public abstract class ForwardingLocalCache<K, V> implements LocalCache<K, V> {
    private final LocalCache<K, V> local;

    /** Hands on to the given tier. */
    protected ForwardingLocalCache(LocalCache<K, V> local) {
        this.local = local;
    }

    @Override
    public @Nullable V get(K key, long nowMillis) {
        return local.get(key, nowMillis);
    }

    @Override
    public @Nullable LocalEntry<V> find(EncodedKey key) {
        return local.find(key);
    }

    @Override
    public boolean fill(EncodedKey key, Entry entry, Admission admission) {
        return local.fill(key, entry, admission);
    }

    @Override
    public boolean apply(EncodedKey key, Entry entry, Admission admission) {
        return local.apply(key, entry, admission);
    }

    @Override
    public boolean remove(EncodedKey key, long version) {
        return local.remove(key, version);
    }

    @Override
    public void discard(EncodedKey key) {
        local.discard(key);
    }

    @Override
    public void discardAll() {
        local.discardAll();
    }

    @Override
    public @Nullable Restored restored() {
        return local.restored();
    }

    @Override
    public void checkpoint(Checkpoint checkpoint) {
        local.checkpoint(checkpoint);
    }

    @Override
    public List<EncodedKey> sample(int most) {
        return local.sample(most);
    }

    @Override
    public long estimatedSize() {
        return local.estimatedSize();
    }

    @Override
    public long evictions() {
        return local.evictions();
    }

    @Override
    public void cleanUp(long nowMillis) {
        local.cleanUp(nowMillis);
    }

    @Override
    public void close() {
        local.close();
    }
}
