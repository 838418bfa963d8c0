package io.g2cache.internal;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.CacheStats;
import io.g2cache.G2Cache;
import io.g2cache.Lifetime;
import io.g2cache.WriteToken;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The cache that a user holds: leads every call to the engine of the generation that the log has now. A closed one holds
 * nothing but its last counts.
 *
 * <p>Concurrency: any thread; the node's monitor guards which engine it is. The hot path pays one volatile read for it.
 */
final class CacheHandle<K, V> implements G2Cache<K, V> {
    private final CacheSpec<K, V> spec;
    private final BiConsumer<CacheHandle<?, ?>, Duration> closer;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable CacheEngine<K, V> current;
    private volatile @Nullable CacheStats last;

    /** The closer closes this handle, within a time. */
    CacheHandle(CacheSpec<K, V> spec, CacheEngine<K, V> engine, BiConsumer<CacheHandle<?, ?>, Duration> closer) {
        this.spec = spec;
        this.current = engine;
        this.closer = closer;
    }

    CacheSpec<K, V> spec() {
        return spec;
    }

    /** Completes when the cache was opened, or with why it could not be. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    /** Completes when the cache was closed, and everything is released. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Goes on with an engine of another life, which is still to be started; null if the cache is closed or closing. */
    @Nullable
    CacheEngine<K, V> reopen(NodeLife life) {
        CacheEngine<K, V> before = current;
        if (before == null) {
            return null;
        }
        before.upkeep().retire();
        before.upkeep().closeRetired();
        CacheEngine<K, V> engine = life.open(spec);
        current = engine;
        return engine;
    }

    /** Leads no call to the engine any more, which is returned and still to be closed; null if another call has that. */
    @Nullable
    CacheEngine<K, V> end() {
        CacheEngine<K, V> engine = current;
        if (engine != null) {
            last = engine.stats();
            current = null;
            engine.upkeep().life().close();
        }
        return engine;
    }

    private CacheEngine<K, V> open() {
        CacheEngine<K, V> engine = current;
        if (engine == null) {
            throw CacheLife.closed(name());
        }
        return engine;
    }

    private <T extends @Nullable Object> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(CacheLife.closed(name()));
    }

    @Override
    public boolean isClosed() {
        return current == null;
    }

    @Override
    public void close(Duration timeout) {
        closer.accept(this, timeout);
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public @Nullable V get(K key) {
        return open().get(key);
    }

    @Override
    public @Nullable V get(K key, CacheLoader<? super K, ? extends V> loader) {
        return open().get(key, loader);
    }

    @Override
    public @Nullable V get(K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader) {
        return open().get(key, lifetime, loader);
    }

    @Override
    public @Nullable V get(K key, WriteToken token, Duration timeout) {
        return open().get(key, token, timeout);
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        return open().getAll(keys);
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys, BulkCacheLoader<K, V> loader) {
        return open().getAll(keys, loader);
    }

    @Override
    public @Nullable V refresh(K key) {
        return open().refresh(key);
    }

    @Override
    public @Nullable V refresh(K key, CacheLoader<? super K, ? extends V> loader) {
        return open().refresh(key, loader);
    }

    @Override
    public WriteToken put(K key, V value) {
        return open().put(key, value);
    }

    @Override
    public WriteToken put(K key, V value, Lifetime lifetime) {
        return open().put(key, value, lifetime);
    }

    @Override
    public WriteToken putAll(Map<? extends K, ? extends V> values) {
        return open().putAll(values);
    }

    @Override
    public WriteToken invalidate(K key) {
        return open().invalidate(key);
    }

    @Override
    public WriteToken invalidateAll(Collection<? extends K> keys) {
        return open().invalidateAll(keys);
    }

    @Override
    public WriteToken clear() {
        return open().clear();
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(K key) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.getAsync(key);
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.getAsync(key, loader);
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(
            K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.getAsync(key, lifetime, loader);
    }

    @Override
    public CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys, BulkCacheLoader<K, V> loader) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.getAllAsync(keys, loader);
    }

    @Override
    public CompletableFuture<@Nullable V> refreshAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.refreshAsync(key, loader);
    }

    @Override
    public CompletableFuture<WriteToken> putAsync(K key, V value) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.putAsync(key, value);
    }

    @Override
    public CompletableFuture<WriteToken> putAsync(K key, V value, Lifetime lifetime) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.putAsync(key, value, lifetime);
    }

    @Override
    public CompletableFuture<WriteToken> putAllAsync(Map<? extends K, ? extends V> values) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.putAllAsync(values);
    }

    @Override
    public CompletableFuture<WriteToken> invalidateAsync(K key) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.invalidateAsync(key);
    }

    @Override
    public CompletableFuture<WriteToken> invalidateAllAsync(Collection<? extends K> keys) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.invalidateAllAsync(keys);
    }

    @Override
    public CompletableFuture<WriteToken> clearAsync() {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.clearAsync();
    }

    @Override
    public CacheStats stats() {
        CacheEngine<K, V> engine = current;
        return engine == null ? Objects.requireNonNull(last) : engine.stats();
    }

    @Override
    public long estimatedSize() {
        CacheEngine<K, V> engine = current;
        return engine == null ? 0 : engine.estimatedSize();
    }

    @Override
    public WriteToken invalidateTag(String tag) {
        return open().invalidateTag(tag);
    }

    @Override
    public CompletableFuture<WriteToken> invalidateTagAsync(String tag) {
        CacheEngine<K, V> engine = current;
        return engine == null ? refused() : engine.invalidateTagAsync(tag);
    }
}
