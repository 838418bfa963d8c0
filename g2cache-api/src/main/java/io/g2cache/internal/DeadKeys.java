package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Floors;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keys and caches of which this node believes no tier, because a write of theirs waits for the log. Keys are known by their
 * 64-bit hash; two that share it are dead together, which costs misses only.
 *
 * <p>Concurrency: any thread. A key is dead before its write is reported as queued, and alive again only after the version of
 * its event is known to the fence; so whoever checks looks here first, and then at what the fence knows.
 */
final class DeadKeys {
    private final Map<Long, Integer> keys = new ConcurrentHashMap<>();
    private final Map<Floors, Integer> caches = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** Whether nothing is to be believed for the key of the cache that has these floors. */
    boolean isDead(EncodedKey key, Floors cache) {
        return count.get() != 0 && (keys.containsKey(key.hash()) || caches.containsKey(cache));
    }

    /** One more write of the key waits. */
    void add(long hash) {
        count.incrementAndGet();
        keys.merge(hash, 1, Integer::sum);
    }

    /** One write of the key was sent. */
    void remove(long hash) {
        keys.computeIfPresent(hash, (same, waiting) -> waiting == 1 ? null : waiting - 1);
        count.decrementAndGet();
    }

    /** Whether clears of the cache with these floors wait. */
    boolean isWaiting(Floors cache) {
        return caches.containsKey(cache);
    }

    /** One more clear of the cache with these floors waits. */
    void add(Floors cache) {
        count.incrementAndGet();
        caches.merge(cache, 1, Integer::sum);
    }

    /** One clear of the cache was sent. */
    void remove(Floors cache) {
        caches.computeIfPresent(cache, (same, waiting) -> waiting == 1 ? null : waiting - 1);
        count.decrementAndGet();
    }
}
