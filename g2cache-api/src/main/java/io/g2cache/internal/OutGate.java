package io.g2cache.internal;

import java.util.concurrent.CompletableFuture;

/** Whether a cache may use what the out tier holds at this moment. Thread-safe. */
interface OutGate {
    /** Always open: without a log, nothing is known that could be missing. */
    OutGate OPEN = new OutGate() {
        @Override
        public boolean isOpen(int partition) {
            return true;
        }

        @Override
        public CompletableFuture<Void> learn() {
            return CompletableFuture.completedFuture(null);
        }
    };

    /** Whether values of this partition may be used. Does not block. */
    boolean isOpen(int partition);

    /** Asks the out tier for what the gate depends on, unless that is known. Never fails; completes when it was tried. */
    CompletableFuture<Void> learn();
}
