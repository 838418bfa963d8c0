package io.g2cache;

import java.util.concurrent.CompletableFuture;

/** A rebuild of the out tier under way. Thread-safe; no method blocks. */
public interface OutRebuild {
    /**
     * Completes when every partition of the log was applied to the out tier once more; exceptionally with a
     * {@link SyncLogException} if the rebuild could not be asked for, with a {@link TierException} if it was not done in time,
     * though it goes on then, and with a {@link NodeClosedException} if this node closes. Cancelling it ends nothing.
     */
    CompletableFuture<Void> done();

    /** How much is done, 0 to 1, as last published by those who do it. */
    double share();
}
