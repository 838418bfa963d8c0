package io.g2cache.internal;

import java.util.concurrent.CompletionException;

/** What a future failed of. */
final class Failures {
    private Failures() {}

    /** The failure without the wrapping that a chain of futures puts around it. */
    static Throwable origin(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }
}
