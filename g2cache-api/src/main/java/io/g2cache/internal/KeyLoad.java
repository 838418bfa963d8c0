package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One load of one key under way, for which others may wait. {@code loaderThread} is written by the thread that runs the
 * loader and read by threads that join; it is only compared with the reader's own thread, so any order will do.
 * {@code loaderHasFailed}, {@code wasInterrupted} and {@code sharedUntilMillis} are written before the load ends. A load that nobody waits for is either
 * joined or dropped, whichever comes first; {@code fate} decides.
 */
final class KeyLoad<V> {
    private final EncodedKey key;
    private final long number;
    private final Moment started;
    private final CompletableFuture<Found<V>> result = new CompletableFuture<>();
    private final CompletableFuture<Found<V>> own = new CompletableFuture<>();
    private volatile @Nullable Thread loaderThread;
    private volatile boolean loaderHasFailed;
    private volatile boolean wasInterrupted;
    private volatile long sharedUntilMillis = Long.MAX_VALUE;
    private final AtomicReference<Fate> fate;
    private volatile boolean urgent;

    private enum Fate {
        OPEN,
        JOINED,
        DROPPED
    }

    /** The number tells loads apart; who began later has a higher one. */
    KeyLoad(EncodedKey key, long number, Moment started, boolean isAwaited) {
        this.key = key;
        this.number = number;
        this.started = started;
        this.fate = new AtomicReference<>(isAwaited ? Fate.JOINED : Fate.OPEN);
    }

    /** Somebody will wait for it; false if it was dropped before. */
    boolean tryJoin() {
        return fate.compareAndSet(Fate.OPEN, Fate.JOINED) || fate.get() == Fate.JOINED;
    }

    /** Nobody is to wait for it any more, as it is given up; false if somebody does. */
    boolean tryDrop() {
        return fate.compareAndSet(Fate.OPEN, Fate.DROPPED) || fate.get() == Fate.DROPPED;
    }

    /** A loader asks for it: it waits for no other load. */
    void hurry() {
        urgent = true;
    }

    boolean isUrgent() {
        return urgent;
    }

    /** What it ends with was found in the out tier, and is no news for who comes after this wall-clock moment. */
    void foundInOutTier(long trustedUntilMillis) {
        sharedUntilMillis = trustedUntilMillis;
    }

    /** Up to which moment whoever misses events may have joined it. Of a load that has ended. */
    long sharedUntilMillis() {
        return sharedUntilMillis;
    }

    EncodedKey key() {
        return key;
    }

    long number() {
        return number;
    }

    Moment started() {
        return started;
    }

    /** For those who wait; ended by a deadline, too. */
    CompletableFuture<Found<V>> result() {
        return result;
    }

    /** For the call that started the load: in its own thread it gets what its loader gave, however long that took. */
    CompletableFuture<Found<V>> resultFor(Executor executor) {
        return executor instanceof CallerExecutor ? own : result;
    }

    /** Completes when the load has nothing left to do, however long that takes; no deadline ends it. */
    CompletableFuture<Found<V>> through() {
        return own;
    }

    /** Whether this is what a call waits for in whose own thread the loader runs. */
    boolean isOwnResult(CompletableFuture<Found<V>> awaited) {
        return awaited == own;
    }

    void complete(Found<V> found) {
        own.complete(found);
        result.complete(found);
    }

    void fail(Throwable failure) {
        own.completeExceptionally(failure);
        result.completeExceptionally(failure);
    }

    void loaderRunsIn(@Nullable Thread thread) {
        loaderThread = thread;
    }

    /** In the loader's thread. An interrupt is the caller's matter, and no failure of the source. */
    void loaderFailed(Throwable failure) {
        wasInterrupted = failure instanceof InterruptedException
                || Thread.currentThread().isInterrupted();
        loaderHasFailed = !wasInterrupted;
    }

    /** The thread in which it runs is interrupted, so that it fails. */
    void interrupted() {
        wasInterrupted = true;
    }

    /** Whether it has failed as its thread was interrupted, which is no matter of those who have joined it. */
    boolean wasInterrupted() {
        return wasInterrupted;
    }

    /** Whether it is the loader that has failed, and not something around it. */
    boolean hasLoaderFailed() {
        return loaderHasFailed;
    }

    /** The thread that is inside this load's loader; null if there is none. */
    @Nullable
    Thread loaderThread() {
        return loaderThread;
    }

    /** Whether nobody waits for it any more. */
    boolean isOver() {
        return result.isDone();
    }

    /** Whether the current thread is inside this load's loader. */
    boolean isOwn() {
        return loaderThread == Thread.currentThread();
    }
}
