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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The cache that a user holds: leads every call to the engine of the generation that the log has now. Thread-safe; the hot
 * path pays one volatile read for it.
 */
final class CacheHandle<K, V> implements G2Cache<K, V> {
    private final CacheSpec<K, V> spec;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private volatile CacheEngine<K, V> current;

    CacheHandle(CacheSpec<K, V> spec, CacheEngine<K, V> engine) {
        this.spec = spec;
        this.current = engine;
    }

    CacheSpec<K, V> spec() {
        return spec;
    }

    /** Completes when the cache was opened, or with why it could not be. */
    CompletableFuture<Void> opened() {
        return opened;
    }

    /** Goes on with an engine of another life, which is still to be started. */
    CacheEngine<K, V> reopen(NodeLife life) {
        CacheEngine<K, V> before = current;
        before.retire();
        before.closeRetired();
        CacheEngine<K, V> engine = life.open(spec);
        current = engine;
        return engine;
    }

    @Override
    public String name() {
        return current.name();
    }

    @Override
    public @Nullable V get(K key) {
        return current.get(key);
    }

    @Override
    public @Nullable V get(K key, CacheLoader<? super K, ? extends V> loader) {
        return current.get(key, loader);
    }

    @Override
    public @Nullable V get(K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader) {
        return current.get(key, lifetime, loader);
    }

    @Override
    public @Nullable V get(K key, WriteToken token, Duration timeout) {
        return current.get(key, token, timeout);
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        return current.getAll(keys);
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys, BulkCacheLoader<K, V> loader) {
        return current.getAll(keys, loader);
    }

    @Override
    public @Nullable V refresh(K key) {
        return current.refresh(key);
    }

    @Override
    public @Nullable V refresh(K key, CacheLoader<? super K, ? extends V> loader) {
        return current.refresh(key, loader);
    }

    @Override
    public WriteToken put(K key, V value) {
        return current.put(key, value);
    }

    @Override
    public WriteToken put(K key, V value, Lifetime lifetime) {
        return current.put(key, value, lifetime);
    }

    @Override
    public WriteToken putAll(Map<? extends K, ? extends V> values) {
        return current.putAll(values);
    }

    @Override
    public WriteToken invalidate(K key) {
        return current.invalidate(key);
    }

    @Override
    public WriteToken invalidateAll(Collection<? extends K> keys) {
        return current.invalidateAll(keys);
    }

    @Override
    public WriteToken clear() {
        return current.clear();
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(K key) {
        return current.getAsync(key);
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        return current.getAsync(key, loader);
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(
            K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader) {
        return current.getAsync(key, lifetime, loader);
    }

    @Override
    public CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys, BulkCacheLoader<K, V> loader) {
        return current.getAllAsync(keys, loader);
    }

    @Override
    public CompletableFuture<@Nullable V> refreshAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        return current.refreshAsync(key, loader);
    }

    @Override
    public CompletableFuture<WriteToken> putAsync(K key, V value) {
        return current.putAsync(key, value);
    }

    @Override
    public CompletableFuture<WriteToken> putAsync(K key, V value, Lifetime lifetime) {
        return current.putAsync(key, value, lifetime);
    }

    @Override
    public CompletableFuture<WriteToken> putAllAsync(Map<? extends K, ? extends V> values) {
        return current.putAllAsync(values);
    }

    @Override
    public CompletableFuture<WriteToken> invalidateAsync(K key) {
        return current.invalidateAsync(key);
    }

    @Override
    public CompletableFuture<WriteToken> invalidateAllAsync(Collection<? extends K> keys) {
        return current.invalidateAllAsync(keys);
    }

    @Override
    public CompletableFuture<WriteToken> clearAsync() {
        return current.clearAsync();
    }

    @Override
    public CacheStats stats() {
        return current.stats();
    }

    @Override
    public long estimatedSize() {
        return current.estimatedSize();
    }

    @Override
    public WriteToken invalidateTag(String tag) {
        return current.invalidateTag(tag);
    }

    @Override
    public CompletableFuture<WriteToken> invalidateTagAsync(String tag) {
        return current.invalidateTagAsync(tag);
    }
}
