package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** Waits for administrative calls, and turns their failures into ours. */
final class AdminCalls {
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** Kafka bounds its calls itself; this much longer is waited for it to do so. */
    private static final long GRACE_MILLIS = 1_000;

    private AdminCalls() {}

    /**
     * What went wrong with a call that asks or changes settings.
     *
     * @param needed what an ACL must allow for it
     */
    static SyncLogException failure(String what, @Nullable String needed, Throwable thrown) {
        Throwable cause = Denials.unwrap(thrown);
        return cause instanceof SyncLogException known
                ? known
                : new SyncLogException(Outcome.FAILED, what + " failed: " + Denials.message(cause, needed), cause);
    }

    /** A future that fails as {@link #failure} says, and ends in any case. */
    static <T> CompletableFuture<T> future(
            String what, @Nullable String needed, Duration timeout, KafkaFuture<T> call) {
        return call.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(timeout.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS)
                .handle((value, thrown) -> {
                    if (thrown != null) {
                        throw failure(what, needed, thrown);
                    }
                    return value;
                });
    }

    /**
     * Waits for a call.
     *
     * @throws ExecutionException with the broker's error as its cause
     * @throws SyncLogException if there is no answer in time, or the thread is interrupted
     */
    static <T> T await(String what, Duration timeout, KafkaFuture<T> call) throws ExecutionException {
        try {
            return call.get(timeout.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SyncLogException(Outcome.FAILED, what + " got no answer, timeout=" + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.FAILED, what + " was interrupted", e);
        }
    }
}
