package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.spi.Agent;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The caches of lives that have ended, as long as loads go on in them: these keep their deadlines, and end with the node.
 *
 * <p>Concurrency: any thread adds and closes, one thread drives. A cache is added before it is looked whether the node has
 * closed, so that either the closing or the adding lets its readers go.
 */
final class EndedLives implements Agent {
    private final Set<CacheEngine<?, ?>> caches = ConcurrentHashMap.newKeySet();
    private volatile boolean areInUse;
    private volatile boolean isClosed;

    /** A life ends whose caches have gone on in another. */
    void add(Collection<CacheEngine<?, ?>> ended) {
        caches.addAll(ended);
        if (isClosed) {
            close();
        }
    }

    /** A life ends before there is another: until then, calls still come to its caches. */
    void addInUse(Collection<CacheEngine<?, ?>> ended) {
        areInUse = true;
        add(ended);
    }

    /** There is another life, and calls come to its caches. */
    void areReplaced() {
        areInUse = false;
    }

    @Override
    public String name() {
        return "ended-lives";
    }

    @Override
    public int doWork(Duration maxWait) {
        caches.removeIf(cache -> {
            LoadCoalescer<?> loads = cache.loads();
            loads.expire(cache.spec().loadTimeout().toNanos());
            return !areInUse && loads.active() == 0;
        });
        return 0;
    }

    @Override
    public void wakeUp() {
        // Never waits.
    }

    @Override
    public void onClose() {
        // The readers are let go when everything is closed.
    }

    /** Ends the waiting for what is still under way. */
    void close() {
        isClosed = true;
        caches.forEach(cache -> cache.loads()
                .abandon(new NodeClosedException(
                        "cache=" + cache.name() + ": the node was closed before the load had ended")));
    }
}
