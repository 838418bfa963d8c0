package io.g2cache.internal;

import io.g2cache.G2CacheException;
import io.g2cache.LoadException;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs asynchronous flows for callers: synchronously, in the caller's thread with a deadline; or asynchronously, on the
 * node's executors. Every call is counted by the lifecycle of its node or cache.
 * Thread-safe.
 */
final class Calls {
    /** Tiers and log answer within deadlines of their own; this one only catches those that do not. */
    private static final Duration WRITE_TIMEOUT = AppendDeadlines.TIMEOUT.plusSeconds(5);

    private final CallGate lifecycle;
    private final Workers workers;
    private final TimeSource time;

    Calls(CallGate lifecycle, Workers workers, TimeSource time) {
        this.lifecycle = lifecycle;
        this.workers = workers;
        this.time = time;
    }

    /** Waits for a read. */
    <T> T await(Duration timeout, Function<Executor, CompletableFuture<T>> flow) {
        lifecycle.enter();
        CallerExecutor executor = new CallerExecutor(workers.loads());
        try {
            return executor.await(flow.apply(executor), timeout.toNanos(), time);
        } catch (CompletionException e) {
            throw callersOwn(e);
        } catch (TimeoutException e) {
            throw new LoadException("no value within loadTimeout=" + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted while waiting for a value", e);
        } finally {
            executor.end();
            lifecycle.exit();
        }
    }

    /** Waits for a write. */
    WriteToken awaitWrite(Function<Executor, CompletableFuture<WriteToken>> flow) {
        lifecycle.enter();
        CallerExecutor executor = new CallerExecutor(workers.callbacks());
        try {
            return executor.await(flow.apply(executor), WRITE_TIMEOUT.toNanos(), time);
        } catch (CompletionException e) {
            throw callersOwn(e);
        } catch (TimeoutException e) {
            throw new SyncLogException(Outcome.UNKNOWN, "no outcome of the write within " + WRITE_TIMEOUT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.UNKNOWN, "interrupted while waiting for the outcome of a write", e);
        } finally {
            executor.end();
            lifecycle.exit();
        }
    }

    /** Turns what is thrown at once into a failed future. */
    <T extends @Nullable Object> CompletableFuture<T> start(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Starts a flow on the node's executor, and tells of each step that was refused and run in place; null if too many are
     * under way.
     */
    <F, T extends @Nullable Object> @Nullable CompletableFuture<T> tryFlow(
            Runnable refused, Function<Executor, CompletableFuture<F>> flow, Function<F, T> result) {
        lifecycle.enter();
        Workers.Flow executor = workers.tryEnter(refused);
        if (executor == null) {
            lifecycle.exit();
            return null;
        }
        CompletableFuture<F> running = started(() -> flow.apply(executor)).whenComplete((value, failure) -> {
            executor.end();
            lifecycle.exit();
        });
        return completing(running, result);
    }

    /** Starts a write; where too many are under way, it is done in the caller. */
    <A> CompletableFuture<WriteToken> startWrite(
            Supplier<A> checked, BiFunction<A, Executor, CompletableFuture<WriteToken>> write) {
        return start(() -> {
            lifecycle.requireOpen();
            A what = checked.get();
            if (!workers.tryEnterWrite()) {
                return CompletableFuture.completedFuture(awaitWrite(executor -> write.apply(what, executor)));
            }
            CompletableFuture<WriteToken> running = started(() -> {
                lifecycle.enter();
                return started(() -> write.apply(what, workers.callbacks()))
                        .whenComplete((token, failure) -> lifecycle.exit());
            });
            return completing(running.whenComplete((token, failure) -> workers.leaveWrite()), token -> token);
        });
    }

    /** The user's code that hangs on the future runs on threads that nothing else waits for, whatever the outcome. */
    private <F, T extends @Nullable Object> CompletableFuture<T> completing(
            CompletableFuture<F> running, Function<F, T> result) {
        return running.handleAsync(
                (value, failure) -> {
                    if (failure != null) {
                        throw failure instanceof CompletionException e ? e : new CompletionException(failure);
                    }
                    return result.apply(value);
                },
                workers.completions());
    }

    private static <T> CompletableFuture<T> started(Supplier<CompletableFuture<T>> flow) {
        try {
            return flow.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A load's failure goes to many callers; each gets an exception with its own stack trace. */
    private static RuntimeException callersOwn(CompletionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof LoadException load) {
            Throwable origin = load.getCause();
            return new LoadException(String.valueOf(load.getMessage()), origin == null ? load : origin);
        }
        return cause instanceof RuntimeException e
                ? e
                : new G2CacheException("the call failed: " + cause, cause == null ? failure : cause);
    }
}
