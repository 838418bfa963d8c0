package io.g2cache.hazelcast;

import io.g2cache.TierAwayException;
import io.g2cache.TierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of the shared tier: a future that completes once, on the cache's executor, with the answer or at its deadline.
 *
 * <p>Answer, error and deadline race for {@link #settled}; the winner cancels the other side and completes the future,
 * outside any lock. Only where the executor refuses the task does the future complete in the winner's own thread.
 */
final class Call<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();
    private final String what;
    private final Executor executor;
    private final LongAdder failed;
    private volatile @Nullable Future<?> deadline;
    private volatile @Nullable Future<?> work;

    Call(String what, Executor executor, LongAdder failed) {
        this.what = what;
        this.executor = task -> executeOrRun(executor, task);
        this.failed = failed;
    }

    private static void executeOrRun(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException full) {
            task.run();
        }
    }

    CompletableFuture<T> future() {
        return future;
    }

    boolean settled() {
        return settled.get();
    }

    /** Remembers the timer task that ends this call. */
    void endsBy(Future<?> timer) {
        deadline = timer;
        if (settled()) {
            timer.cancel(false);
        }
    }

    /** Remembers the blocking work, which is interrupted if the call ends before it. */
    void workedOnBy(Future<?> task) {
        work = task;
        if (settled()) {
            task.cancel(true);
        }
    }

    void succeed(T value) {
        if (settle()) {
            executor.execute(() -> future.complete(value));
        }
    }

    /** Ends with an error of Hazelcast, which is counted. */
    void fail(Throwable error) {
        if (settle()) {
            failed.increment();
            TierException tier = error instanceof TierException known
                    ? known
                    : new TierException("hazelcast " + what + " failed: " + error, error);
            executor.execute(() -> future.completeExceptionally(tier));
        }
    }

    /** Ends without an answer; the one who calls counts it. Returns false where the call had ended already. */
    boolean abandon(String why) {
        boolean mine = settle();
        if (mine) {
            executor.execute(() -> future.completeExceptionally(new TierException("hazelcast " + what + " " + why)));
        }
        return mine;
    }

    /** Ends before it has begun, as the tier is away. */
    void refuse(String why) {
        if (settle()) {
            executor.execute(
                    () -> future.completeExceptionally(new TierAwayException("hazelcast " + what + " " + why)));
        }
    }

    /** Completes with Hazelcast's answer. The function runs on the executor: Hazelcast has no thread to spare for it. */
    <A extends @Nullable Object> void answeredBy(CompletionStage<A> answer, Function<A, T> function) {
        var unused = answer.whenCompleteAsync(
                (value, error) -> {
                    if (error != null) {
                        fail(error);
                        return;
                    }
                    T result = function.apply(value);
                    if (settle()) {
                        future.complete(result);
                    }
                },
                executor);
    }

    private boolean settle() {
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        cancel(deadline, false);
        cancel(work, true);
        return true;
    }

    private static void cancel(@Nullable Future<?> task, boolean interrupt) {
        if (task != null) {
            task.cancel(interrupt);
        }
    }
}
