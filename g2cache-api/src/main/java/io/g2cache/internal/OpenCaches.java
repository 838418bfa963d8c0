package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.TierException;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of a node by name, from the moment when one begins to be opened until everything of it is released; how one is
 * waited for, and closed.
 *
 * <p>Concurrency: any thread; changes are made under the node's monitor. A cache that is closed keeps its name until its end, so
 * that its tiers are never open twice.
 */
final class OpenCaches {
    private static final Logger LOG = LoggerFactory.getLogger(OpenCaches.class);
    /** What a tier has to close in, when all the time given went by while calls were waited for. */
    private static final Duration RELEASE = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Map<String, CacheHandle<?, ?>> handles = new ConcurrentHashMap<>();

    OpenCaches(TimeSource time) {
        this.time = time;
    }

    /**
     * The handle of the specification; null if its name is free.
     *
     * @throws IllegalStateException if the name is open with another specification
     */
    @SuppressWarnings("unchecked")
    <K, V> @Nullable CacheHandle<K, V> known(CacheSpec<K, V> spec) {
        CacheHandle<?, ?> handle = handles.get(spec.name());
        if (handle != null && handle.spec() != spec) {
            throw new IllegalStateException(
                    "cache=" + spec.name() + " is open with another specification: " + handle.spec());
        }
        return (CacheHandle<K, V>) handle;
    }

    void add(CacheHandle<?, ?> handle) {
        handles.put(handle.name(), handle);
    }

    void remove(CacheHandle<?, ?> handle) {
        handles.remove(handle.name(), handle);
    }

    /** Those that are open or being opened. */
    List<CacheHandle<?, ?>> open() {
        return handles.values().stream().filter(handle -> !handle.isClosed()).toList();
    }

    /** Those that are not released yet. */
    Collection<CacheHandle<?, ?>> all() {
        return handles.values();
    }

    /** Another thread is opening it, or has. */
    void awaitOpened(CacheHandle<?, ?> handle, Duration longest) {
        await(handle.opened(), "cache=" + handle.name(), "opened", longest);
    }

    /** Waits until the name is not that of a cache that is being closed. */
    void awaitClosed(String cache, Duration longest) {
        CacheHandle<?, ?> handle = handles.get(cache);
        if (handle != null && handle.isClosed()) {
            await(handle.closed(), "cache=" + cache, "closed", longest);
        }
    }

    /** Whether the name is that of a cache that is being closed. */
    boolean isClosing(String cache) {
        CacheHandle<?, ?> handle = handles.get(cache);
        return handle != null && handle.isClosed();
    }

    private static void await(CompletableFuture<Void> done, String what, String how, Duration longest) {
        try {
            done.get(Durations.nanos(longest), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new TierException(what + " was not " + how + " by another thread within " + longest, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TierException("interrupted while " + what + " was " + how + " by another thread", e);
        } catch (ExecutionException e) {
            throw new TierException(what + " could not be " + how + " by another thread", e);
        }
    }

    /**
     * Closes a cache whose handle leads nowhere any more: waits for its calls, but not from within a loader, which may be one of
     * them; then releases it, on a thread of its own, as a tier may wait for its disk.
     *
     * @param removed run when everything is released, before anybody hears of it
     */
    void close(CacheHandle<?, ?> handle, CacheEngine<?, ?> engine, NodeLife of, Duration timeout, Runnable removed) {
        int left = engine.upkeep().life().awaitIdle(LoadPlaces.isInLoader() ? Duration.ZERO : timeout);
        if (left > 0) {
            LOG.info("cache={} closes with calls={} still under way", handle.name(), left);
        }
        Runnable release = () -> {
            try {
                of.close(engine, CacheLife.closed(handle.name()), left == 0);
            } catch (RuntimeException e) {
                LOG.warn("cache={} failed to close", handle.name(), e);
            } finally {
                removed.run();
                handle.closed().complete(null);
            }
        };
        Thread closer = new Thread(release, "g2cache-close-" + handle.name());
        closer.setDaemon(true);
        try {
            closer.start();
        } catch (OutOfMemoryError e) {
            LOG.warn("cache={} is closed in its caller's thread, as no other could be started", handle.name(), e);
            release.run();
        }
    }

    /** Waits until the cache is closed, by this thread or another one, for so long after the deadline as a tier may need. */
    void awaitReleased(CacheHandle<?, ?> handle, long deadlineNanos) {
        long left = deadlineNanos - time.monotonicNanos();
        try {
            handle.closed().get(Math.max(left, RELEASE.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("cache={} is still being closed", handle.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a cache never fails", e);
        }
    }

    @Override
    public String toString() {
        return handles.keySet().toString();
    }
}
