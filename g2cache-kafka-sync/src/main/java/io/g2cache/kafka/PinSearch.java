package io.g2cache.kafka;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks for the pin of a topic without changing anything. Used by one thread. */
final class PinSearch {
    /** So many offsets are read sooner than the coordinator of a group answers. */
    private static final long SHORT_LOG = 10_000;

    private final MarkerScan scan;
    private final Supplier<@Nullable Long> hint;

    /**
     * Creates a search.
     *
     * @param hint where a pin may lie, if that is known; asked for a long log only
     */
    PinSearch(MarkerScan scan, Supplier<@Nullable Long> hint) {
        this.scan = scan;
        this.hint = hint;
    }

    /**
     * What was found.
     *
     * @param read whether a long log was read to its end, because no hint led to a pin
     */
    record Result(MarkerScan.Found found, boolean read) {}

    /**
     * All markers of a short log; of a long one the pin that the hint leads to, if it does.
     *
     * @throws io.g2cache.SyncLogException if the log cannot be read in time
     */
    Result search() {
        if (scan.length() <= SHORT_LOG) {
            return new Result(scan.all(), false);
        }
        Long hinted = hint.get();
        if (hinted != null) {
            MarkerScan.Found found = scan.since(hinted);
            if (found.pin() != 0) {
                return new Result(found, false);
            }
        }
        return new Result(scan.all(), true);
    }
}
