package io.g2cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A named cache of a {@link G2Node}.
 *
 * <p>Thread-safe. A read is answered by the local tier, else by the out tier, else by a loader that is called once per key
 * and node for all who wait. A write goes to the log before it changes any tier; what it returns is a token with which
 * another node can wait for it. Absent is null, never an exception. A failed write is never silent.
 *
 * <p>Every wait has a deadline: calls of the out tier and the log their own, waiting for another thread's load the cache's
 * {@link CacheSpec#loadTimeout()}. A loader runs in the calling thread of the synchronous forms, and in the node's executor
 * for the asynchronous ones, whose futures complete there too. An asynchronous write holds its caller up only while as
 * much waits for the log as its client's buffer holds, at most for a part of the log's own deadline.
 *
 * <p>In a cache with {@link WhenLogIsAway#QUEUE}, a write that finds the log away is queued on the node's disk: its token
 * {@link WriteToken#isQueued()}, and where it cannot be queued either, it fails with a {@link WriteQueueException}.
 *
 * <p>A cache lives until it is {@linkplain #close(Duration) closed}, or its node is. Every read and write throws
 * {@link CacheClosedException} after the cache was closed, {@link NodeClosedException} after the node was closed, and
 * {@link InvalidKeyException} for a key that is null, empty or too large; the asynchronous forms complete exceptionally with the
 * same.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface G2Cache<K, V> extends AutoCloseable {
    /** Name of the cache. */
    String name();

    /**
     * The value, loaded by the loader of the cache's {@link CacheSpec} if it has one.
     *
     * @return the value; null if neither tier nor loader has one
     * @throws LoadException if the loader failed
     */
    @Nullable
    V get(K key);

    /**
     * The value, loaded by the given loader if no tier has it.
     *
     * @return the value; null if neither tier nor loader has one
     * @throws LoadException if the loader failed
     */
    @Nullable
    V get(K key, CacheLoader<? super K, ? extends V> loader);

    /**
     * The value, loaded by the given loader if no tier has it, and then kept for the given lifetime.
     *
     * @return the value; null if neither tier nor loader has one
     * @throws LoadException if the loader failed
     * @throws InvalidLifetimeException if the lifetime is beyond the cache's maximum
     */
    @Nullable
    V get(K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader);

    /**
     * The value, at least as new as the write that the token proves.
     *
     * @param timeout how long to wait for that write to arrive here
     * @return the value; null if neither tier nor loader has one
     * @throws IllegalArgumentException if the token is of another generation of the log, or its generation ends meanwhile
     * @throws SyncLogException if the write did not arrive in time
     * @throws LoadException if the loader failed
     */
    @Nullable
    V get(K key, WriteToken token, Duration timeout);

    /**
     * The values that the tiers, or else the loader of the {@link CacheSpec}, have.
     *
     * @return the values found, in the order of the keys; keys without one are left out
     * @throws LoadException if the loader failed
     */
    Map<K, V> getAll(Collection<? extends K> keys);

    /**
     * The values that the tiers, or else the given loader, have. The loader is called at most once, with the keys that no
     * tier has and that nobody else is loading.
     *
     * @return the values found, in the order of the keys; keys without one are left out
     * @throws LoadException if the loader failed
     */
    Map<K, V> getAll(Collection<? extends K> keys, BulkCacheLoader<K, V> loader);

    /**
     * Loads the value again, whatever the tiers hold, and stores it where nothing newer is known.
     *
     * @return the value loaded; null if the source has none
     * @throws LoadException if the loader failed
     * @throws IllegalStateException if the {@link CacheSpec} has no loader
     */
    @Nullable
    V refresh(K key);

    /**
     * Like {@link #refresh(Object)} with the given loader.
     *
     * @return the value loaded; null if the source has none
     * @throws LoadException if the loader failed
     */
    @Nullable
    V refresh(K key, CacheLoader<? super K, ? extends V> loader);

    /**
     * Stores a value for the cache's lifetime. Promises the order of the log and nothing else: to agree with a source that
     * has several writers, {@link #invalidate} after the commit instead.
     *
     * @throws InvalidValueException if the value is null, too large or cannot be encoded
     * @throws SyncLogException if the log did not take it, or it is unknown whether it did
     */
    WriteToken put(K key, V value);

    /**
     * Stores a value for the given lifetime.
     *
     * @throws InvalidValueException if the value is null, too large or cannot be encoded
     * @throws InvalidLifetimeException if the lifetime is beyond the cache's maximum
     * @throws SyncLogException if the log did not take it, or it is unknown whether it did
     */
    WriteToken put(K key, V value, Lifetime lifetime);

    /**
     * Stores values for the cache's lifetime. Refuses all of them if one is invalid.
     *
     * @throws BulkWriteException if some were not written; says what became of each
     */
    WriteToken putAll(Map<? extends K, ? extends V> values);

    /**
     * Makes whatever is cached for the key invalid, on every node.
     *
     * @throws SyncLogException if the log did not take it, or it is unknown whether it did
     */
    WriteToken invalidate(K key);

    /**
     * Makes whatever is cached for the keys invalid, on every node.
     *
     * @throws BulkWriteException if some were not written; says what became of each
     */
    WriteToken invalidateAll(Collection<? extends K> keys);

    /**
     * Makes everything in this cache invalid, on every node.
     *
     * @throws SyncLogException if the log did not take it for every partition, or it is unknown whether it did
     */
    WriteToken clear();

    /**
     * Makes every entry that carries the tag invalid, on every node, whatever their number: it costs one record in each
     * partition of the log. Known absences carry no tags.
     *
     * @param tag a tag as the {@link Tagger} of the cache's {@link CacheSpec} gives them
     * @throws InvalidTagException if the tag is null, empty or too long
     * @throws SyncLogException if the log did not take it for every partition, or it is unknown whether it did
     */
    WriteToken invalidateTag(String tag);

    /** Asynchronous {@link #get(Object)}. */
    CompletableFuture<@Nullable V> getAsync(K key);

    /** Asynchronous {@link #get(Object, CacheLoader)}. */
    CompletableFuture<@Nullable V> getAsync(K key, CacheLoader<? super K, ? extends V> loader);

    /** Asynchronous {@link #get(Object, Lifetime, CacheLoader)}. */
    CompletableFuture<@Nullable V> getAsync(K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader);

    /** Asynchronous {@link #getAll(Collection, BulkCacheLoader)}. */
    CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> keys, BulkCacheLoader<K, V> loader);

    /** Asynchronous {@link #refresh(Object, CacheLoader)}. */
    CompletableFuture<@Nullable V> refreshAsync(K key, CacheLoader<? super K, ? extends V> loader);

    /** Asynchronous {@link #put(Object, Object)}; of one key from one thread, they reach the log in their order. */
    CompletableFuture<WriteToken> putAsync(K key, V value);

    /** Asynchronous {@link #put(Object, Object, Lifetime)}. */
    CompletableFuture<WriteToken> putAsync(K key, V value, Lifetime lifetime);

    /** Asynchronous {@link #putAll}. */
    CompletableFuture<WriteToken> putAllAsync(Map<? extends K, ? extends V> values);

    /** Asynchronous {@link #invalidate}. */
    CompletableFuture<WriteToken> invalidateAsync(K key);

    /** Asynchronous {@link #invalidateAll}. */
    CompletableFuture<WriteToken> invalidateAllAsync(Collection<? extends K> keys);

    /** Asynchronous {@link #clear}. */
    CompletableFuture<WriteToken> clearAsync();

    /** Asynchronous {@link #invalidateTag}. */
    CompletableFuture<WriteToken> invalidateTagAsync(String tag);

    /** What this cache has counted since it was opened; of a closed one, until its end began. */
    CacheStats stats();

    /** About how many entries the local tier holds; 0 once it is closed. */
    long estimatedSize();

    /** Whether this cache is closed or closing. False while only its node is. */
    boolean isClosed();

    /**
     * Closes this cache, and leaves its node and its other caches as they are: from here on all calls are refused. What is under
     * way is waited for, at most for the given time; then whoever still waits for a load gets a {@link CacheClosedException}, and
     * what that load gives is stored nowhere; only a caller in whose own thread a loader runs gets its value. Then everything is
     * released that the cache holds on this node: the memory, threads and files of the local tier, and its handle of the out tier.
     * That blocks for a second more at most, and goes on behind the caller's back if it takes longer. Called from within a loader
     * of any cache, it does not wait for calls. The future of an asynchronous call that was waited for may complete a moment
     * later, on a thread that nothing waits for, as the user's own code may hang on it.
     *
     * <p>Nothing is changed in the out tier and the log: other nodes go on with the cache, and what waits in the node's
     * {@link WriteQueue} is still sent. {@link G2Node#cache} opens the same name again, with the same specification or another
     * one: a local tier that keeps its entries starts warm, and serves nothing that became invalid meanwhile; one that does not
     * starts empty. Statistics start from zero.
     *
     * <p>Idempotent: a later call, also by another thread, waits for the same end. Throws nothing; what a tier fails to release
     * is logged. An interrupt ends the waiting only.
     */
    void close(Duration timeout);

    /** Closes within 10 seconds. */
    @Override
    default void close() {
        close(Duration.ofSeconds(10));
    }
}
