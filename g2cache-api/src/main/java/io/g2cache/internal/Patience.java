package io.g2cache.internal;

import io.g2cache.LoadException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How long a reader waits for a load, and what it gets where the load fails, takes too long or is not tried. Thread-safe;
 * nothing blocks.
 */
final class Patience<K, V> {
    private final FailSafe<K, V> failSafe;
    private final @Nullable Timer timer;
    private final StatsRecorder stats;
    private final @Nullable Duration softTimeout;
    private final Duration loadTimeout;
    private final Duration throttle;

    /** Without a timer, no wait is ended here. */
    Patience(
            FailSafe<K, V> failSafe,
            @Nullable Timer timer,
            StatsRecorder stats,
            @Nullable Duration softTimeout,
            Duration loadTimeout,
            Duration throttle) {
        this.failSafe = failSafe;
        this.timer = timer;
        this.stats = stats;
        this.softTimeout = softTimeout;
        this.loadTimeout = loadTimeout;
        this.throttle = throttle;
    }

    StatsRecorder stats() {
        return stats;
    }

    /**
     * The load's result, or what is kept of the key: where the load fails, and, if the wait is limited, where it takes too
     * long.
     *
     * @param limited whether the reader waits for another thread
     */
    CompletableFuture<Found<V>> answer(EncodedKey key, CompletableFuture<Found<V>> load, boolean limited) {
        if (!failSafe.isOn() || (load.isDone() && !load.isCompletedExceptionally())) {
            return load;
        }
        CompletableFuture<Found<V>> answer = new CompletableFuture<>();
        var unused = load.whenComplete((found, failure) -> {
            if (failure == null) {
                answer.complete(found);
            } else {
                rescue(key, answer, Failures.origin(failure));
            }
        });
        if (limited && timer != null && !answer.isDone()) {
            limit(key, answer, timer);
        }
        return answer;
    }

    private void limit(EncodedKey key, CompletableFuture<Found<V>> answer, Timer on) {
        if (softTimeout != null) {
            ending(answer, on.after(softTimeout.toNanos()), () -> serveOld(key, answer));
        }
        ending(
                answer,
                on.after(loadTimeout.toNanos()),
                () -> rescue(
                        key,
                        answer,
                        new LoadException("the load of " + key + " did not end within loadTimeout=" + loadTimeout)));
    }

    /** A delay that nobody needs any more once there is an answer. */
    private void ending(CompletableFuture<Found<V>> answer, CompletableFuture<Void> delay, Runnable then) {
        var unused = delay.thenRun(then);
        var unusedToo = answer.whenComplete((found, failure) -> delay.cancel(false));
    }

    private void serveOld(EncodedKey key, CompletableFuture<Found<V>> answer) {
        if (!answer.isDone()) {
            var unused = failSafe.find(key).thenAccept(kept -> {
                if (kept != null && isServed(kept, answer)) {
                    stats.count(Counter.SOFT_TIMEOUT);
                }
            });
        }
    }

    private void rescue(EncodedKey key, CompletableFuture<Found<V>> answer, Throwable failure) {
        if (!(failure instanceof LoadException)) {
            answer.completeExceptionally(failure);
        } else if (!answer.isDone()) {
            var unused = failSafe.find(key).whenComplete((kept, unreadable) -> {
                if (kept == null || !isServed(kept, answer)) {
                    answer.completeExceptionally(failure);
                }
            });
        }
    }

    /** Not if the reader has its answer already. Counted before the reader can see it. */
    private boolean isServed(FailSafe.Kept<V> kept, CompletableFuture<Found<V>> answer) {
        if (answer.isDone()) {
            return false;
        }
        failSafe.served(kept);
        return answer.complete(kept.found());
    }

    /** What a reader gets while the key is not loaded, as a load of it has just failed. */
    CompletableFuture<Found<V>> withoutLoad(EncodedKey key, Throwable failed) {
        stats.count(Counter.LOAD_THROTTLED);
        return failSafe.find(key).thenApply(kept -> {
            if (kept != null) {
                failSafe.served(kept);
                return kept.found();
            }
            Throwable origin = failed.getCause();
            throw new LoadException(
                    "not loaded again within failureThrottle=" + throttle + ": " + failed.getMessage(),
                    origin == null ? failed : origin);
        });
    }
}
