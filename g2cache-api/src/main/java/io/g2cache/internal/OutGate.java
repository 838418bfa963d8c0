package io.g2cache.internal;

import java.util.concurrent.CompletableFuture;

/** Whether a cache may use what the out tier holds at this moment. Thread-safe. */
interface OutGate {
    /** Always open: without a log, nothing is known that could be missing. */
    OutGate OPEN = new OutGate() {
        @Override
        public boolean isOpen(int partition, long floorsAsOfMillis) {
            return true;
        }

        @Override
        public long closesAtMillis(int partition, long floorsAsOfMillis) {
            return Long.MAX_VALUE;
        }

        @Override
        public long tierAsOfMillis(int partition) {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean dependsOnTier() {
            return false;
        }

        @Override
        public CompletableFuture<Void> learn() {
            return CompletableFuture.completedFuture(null);
        }
    };

    /**
     * Whether values of this partition may be used. Does not block.
     *
     * @param floorsAsOfMillis what {@link #tierAsOfMillis} was when the floors known here were asked for
     */
    boolean isOpen(int partition, long floorsAsOfMillis);

    /**
     * The wall-clock moment until which what the partition holds now may be used, unless there is news; {@link Long#MIN_VALUE}
     * where the gate is closed for another reason than age. Rests on the node's own freshness while {@link #dependsOnTier} does
     * not hold, as what is used then may be known to this node alone to be current.
     */
    long closesAtMillis(int partition, long floorsAsOfMillis);

    /** Wall-clock moment as of which the tier accounts for the partition's events, as last heard; {@link Long#MIN_VALUE} if never. */
    long tierAsOfMillis(int partition);

    /** Whether this node falls behind the log, so that a clear may be known to the tier alone: its floors must be asked for again. */
    boolean dependsOnTier();

    /** Asks the out tier for what the gate depends on, unless that is known. Never fails; completes when it was tried. */
    CompletableFuture<Void> learn();
}
