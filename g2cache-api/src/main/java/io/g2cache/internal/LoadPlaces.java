package io.g2cache.internal;

import io.g2cache.LoadException;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How many calls of a cache's loader may be under way at once on this node; who finds no place waits for one, in the thread in
 * which the loader would run. A loader that asks a cache for other keys must not wait for a place that it, or another one that
 * waits as it does, holds: so a load that a loader has asked for needs none, whether it starts it or joins it.
 *
 * <p>Concurrency: any thread. The monitor guards the free places and the queue, first come first served; who waits does so on
 * a future of its own. Whether a thread is inside a loader is known to that thread alone, for all caches of the JVM.
 */
final class LoadPlaces {
    /** The limit that means none. */
    static final int UNLIMITED = 0;

    private static final ThreadLocal<Integer> LOADERS = new ThreadLocal<>();

    private final String cache;
    private final int limit;
    private final Duration longest;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final Deque<Waiter> queue = new ArrayDeque<>();
    private int free;

    /** The limit may be {@link #UNLIMITED}; the duration is how long a load may take in all. */
    LoadPlaces(String cache, int limit, Duration longest, StatsRecorder stats, TimeSource time) {
        this.cache = cache;
        this.limit = limit;
        this.longest = longest;
        this.stats = stats;
        this.time = time;
        this.free = limit;
    }

    /** Whoever waits: its turn completes with whether it has a place, as it may go on without. */
    private record Waiter(Collection<? extends KeyLoad<?>> loads, CompletableFuture<Boolean> turn) {}

    /** Leave to call the loader, for one thread. */
    final class Place {
        private final boolean isHeld;

        private Place(boolean isHeld) {
            this.isHeld = isHeld;
            Integer outer = LOADERS.get();
            LOADERS.set(outer == null ? 1 : outer + 1);
        }

        /** The loader has ended; called once, by the same thread. */
        void leave() {
            int inner = LOADERS.get() - 1;
            if (inner == 0) {
                LOADERS.remove();
            } else {
                LOADERS.set(inner);
            }
            if (isHeld) {
                passOn();
            }
        }
    }

    /** Whether the current thread is inside a loader of any cache. */
    static boolean isInLoader() {
        return LOADERS.get() != null;
    }

    /** The current thread may be about to wait for this load. */
    void asked(KeyLoad<?> load) {
        if (isInLoader()) {
            hurry(load);
        }
    }

    /** A loader may be about to wait for this load: it must not wait for a place itself. */
    void hurry(KeyLoad<?> load) {
        load.hurry();
        Waiter waiting = null;
        synchronized (this) {
            for (Waiter waiter : queue) {
                if (waiter.loads.contains(load)) {
                    waiting = waiter;
                }
            }
            if (waiting != null) {
                queue.remove(waiting);
            }
        }
        if (waiting != null) {
            waiting.turn.complete(false);
        }
    }

    /** Whether a load would find a place at once. */
    synchronized boolean hasRoom() {
        return limit == UNLIMITED || free > 0;
    }

    /**
     * Waits for a place for one call of the loader; for loads that nobody waits for, only takes one.
     *
     * @param loads what it loads, begun at the same time; at least one
     * @throws LoadException if there was none in time, none at once for loads that are dropped then, or the thread is
     *     interrupted
     * @throws io.g2cache.NodeClosedException if the node was closed meanwhile
     */
    Place enter(Collection<? extends KeyLoad<?>> loads) {
        if (limit == UNLIMITED || isInLoader()) {
            return new Place(false);
        }
        @Nullable Waiter waiter;
        synchronized (this) {
            if (loads.stream().anyMatch(KeyLoad::isUrgent)) {
                return new Place(false);
            }
            if (free > 0) {
                free--;
                return new Place(true);
            }
            waiter = loads.stream().allMatch(KeyLoad::tryDrop)
                    ? null
                    : new Waiter(List.copyOf(loads), new CompletableFuture<>());
            if (waiter != null) {
                queue.add(waiter);
            }
        }
        if (waiter == null) {
            stats.count(Counter.REFRESH_REJECTED);
            throw new LoadException(
                    "cache=" + cache + ": maximumLoads=" + limit + " are under way, and nobody waits for this one");
        }
        return new Place(await(waiter));
    }

    private boolean await(Waiter waiter) {
        KeyLoad<?> first = waiter.loads.iterator().next();
        long left = longest.toNanos() - (time.monotonicNanos() - first.started().monotonicNanos());
        try {
            CompletableFuture.anyOf(waiter.turn, first.result()).get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What has become of the wait is looked at below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (givesUp(waiter)) {
                waiter.loads.forEach(KeyLoad::interrupted);
                throw new LoadException("cache=" + cache + ": interrupted while a load waited for a place", e);
            }
        }
        if (!waiter.turn.isDone() && givesUp(waiter)) {
            throw refusal(first);
        }
        return waiter.turn.join();
    }

    /** False if its turn has come: then it is complete, or will be in a moment. */
    private synchronized boolean givesUp(Waiter waiter) {
        return queue.remove(waiter);
    }

    private RuntimeException refusal(KeyLoad<?> load) {
        Throwable ended = load.result().isDone() ? Failures.of(load.result()) : null;
        if (ended instanceof RuntimeException other && !(ended instanceof LoadException)) {
            return other;
        }
        stats.count(Counter.LOAD_REFUSED);
        return new LoadException("cache=" + cache + ": maximumLoads=" + limit + " are under way, and the load of "
                + load.key() + " found no place within its loadTimeout=" + longest);
    }

    private void passOn() {
        Waiter next;
        synchronized (this) {
            next = queue.poll();
            if (next == null) {
                free++;
            }
        }
        if (next != null) {
            next.turn.complete(true);
        }
    }
}
