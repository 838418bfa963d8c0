package io.g2cache.internal;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a future failed of. */
final class Failures {
    private Failures() {}

    /** The failure without the wrapping that a chain of futures puts around it. */
    static Throwable origin(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    /** What a completed future failed of; null if it did not. */
    static @Nullable Throwable of(CompletableFuture<?> ended) {
        try {
            ended.join();
            return null;
        } catch (CompletionException e) {
            return origin(e);
        } catch (CancellationException e) {
            return e;
        }
    }
}
