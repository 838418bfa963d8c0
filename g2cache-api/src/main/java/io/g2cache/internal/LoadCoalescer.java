package io.g2cache.internal;

import io.g2cache.LoadException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.TimeSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One load per key at a time, for all who ask for the key while it runs. An event of the key detaches its load: who asks
 * afterwards must not get a value read before the event, so the next caller starts another load. As long as events may be
 * missing, because freshness is not proven, a load is joined only until it is as old as an entry may be stale.
 *
 * <p>Concurrency: any thread. {@code joinable} maps a key to the load that may be joined; {@code running} holds all loads,
 * also detached ones, so that each has a deadline, in the order in which they began.
 */
final class LoadCoalescer<V> {
    private final TimeSource time;
    private final FailedLoads failed;
    private final ServingGate gate;
    private final ConcurrentHashMap<EncodedKey, KeyLoad<V>> joinable = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, KeyLoad<V>> running = new ConcurrentSkipListMap<>();
    private final AtomicLong begun = new AtomicLong();
    private volatile @Nullable RuntimeException abandoned;

    /** The gate tells whether every event is known, and how stale an entry may be. */
    LoadCoalescer(TimeSource time, FailedLoads failed, ServingGate gate) {
        this.time = time;
        this.failed = failed;
        this.gate = gate;
    }

    /** What a load of the key has failed with so short a time ago that it is not tried again yet; null if it may be. */
    @Nullable
    Throwable failedJustNow(EncodedKey key) {
        return failed.recall(key);
    }

    /** What a caller got: a load that it must run, or one of somebody else's to wait for. */
    record Joined<V>(KeyLoad<V> load, boolean isOwner) {}

    /**
     * Joins the load of the key, or starts one.
     *
     * @throws LoadException if the load's loader is running in this very thread, which would wait for itself for ever
     */
    Joined<V> join(EncodedKey key) {
        KeyLoad<V> mine = begun(key, true);
        KeyLoad<V> other = joinable.putIfAbsent(key, mine);
        while (other != null) {
            if (other.isOwn()) {
                throw new LoadException("the loader of " + key + " asked the cache for its own key");
            }
            if (isYoung(other) && other.tryJoin()) {
                return new Joined<>(other, false);
            }
            joinable.remove(key, other);
            other = joinable.putIfAbsent(key, mine);
        }
        runs(mine);
        return new Joined<>(mine, true);
    }

    /** Whether what it gives is as fresh as what a local hit would give. A process that stood still has no timer to end it. */
    private boolean isYoung(KeyLoad<V> load) {
        long now = time.wallMillis();
        return knowsAllEvents(now) || load.started().elapsedMillis(time, now) < gate.maximumMillis();
    }

    /** Whether every event has detached its loads, but for the newest, which may be missing. */
    boolean knowsAllEvents(long nowMillis) {
        return gate.isOpen(nowMillis);
    }

    private KeyLoad<V> begun(EncodedKey key, boolean isAwaited) {
        return new KeyLoad<>(key, begun.incrementAndGet(), Moment.now(time), isAwaited);
    }

    /** Whether a load is under way that can be joined. */
    boolean isLoading(EncodedKey key) {
        return joinable.containsKey(key);
    }

    /** Starts a load that nobody waits for until it is joined, if none is under way; null otherwise. */
    @Nullable
    KeyLoad<V> tryStart(EncodedKey key) {
        KeyLoad<V> mine = begun(key, false);
        if (joinable.putIfAbsent(key, mine) != null) {
            return null;
        }
        runs(mine);
        return mine;
    }

    /** Starts a load that nobody else joins. */
    KeyLoad<V> startAlone(EncodedKey key) {
        KeyLoad<V> mine = begun(key, true);
        runs(mine);
        return mine;
    }

    private void runs(KeyLoad<V> load) {
        running.put(load.number(), load);
        RuntimeException why = abandoned;
        if (why != null) {
            abandon(load, why);
        }
    }

    /** The load has ended well. */
    void complete(KeyLoad<V> load, Found<V> found) {
        forget(load);
        failed.forget(load.key());
        load.complete(found);
    }

    /** The load has failed. If nothing has happened to the key since it began, and the loader was it, that is remembered. */
    void fail(KeyLoad<V> load, Throwable failure) {
        if (load.hasLoaderFailed()) {
            failedJustNow(load, failure);
        }
        forget(load);
        load.fail(failure);
    }

    private void forget(KeyLoad<V> load) {
        joinable.remove(load.key(), load);
        running.remove(load.number());
    }

    /** Remembered before it is seen that nothing has detached the load; an event detaches first, and then forgets. */
    private void failedJustNow(KeyLoad<V> load, Throwable failure) {
        if (joinable.get(load.key()) == load) {
            failed.note(load.key(), failure);
            if (joinable.get(load.key()) != load) {
                failed.forget(load.key());
            }
        }
    }

    /**
     * There was an event of this key. Called when the event is recorded: a load that starts before would still accept an
     * older value of the out tier, and must not be left to join.
     */
    void detach(EncodedKey key) {
        if (!joinable.isEmpty()) {
            joinable.remove(key);
        }
        failed.forget(key);
    }

    /** There was an event that concerns many keys. */
    void detachAll() {
        joinable.clear();
        failed.forgetAll();
    }

    /**
     * Ends the waiting for loads that run for longer than the given time. Their loaders may still be running; only then is
     * that remembered as their failure.
     */
    void expire(long timeoutNanos) {
        long now = time.monotonicNanos();
        for (KeyLoad<V> load : running.values()) {
            if (now - load.started().monotonicNanos() > timeoutNanos) {
                LoadException late = new LoadException("the load of " + load.key()
                        + " did not end within its loadTimeout of " + timeoutNanos / 1_000_000 + " ms");
                if (load.loaderThread() != null) {
                    failedJustNow(load, late);
                }
                forget(load);
                load.result().completeExceptionally(late);
            }
        }
    }

    /** Ends the waiting for everything that is still under way or begins later, but for callers who load in their own thread. */
    void abandon(RuntimeException why) {
        abandoned = why;
        running.values().forEach(load -> abandon(load, why));
    }

    private void abandon(KeyLoad<V> load, RuntimeException why) {
        forget(load);
        load.result().completeExceptionally(why);
    }

    /** Loads under way. */
    int active() {
        return running.size();
    }
}
