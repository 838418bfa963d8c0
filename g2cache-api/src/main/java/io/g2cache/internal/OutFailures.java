package io.g2cache.internal;

import io.g2cache.TierAwayException;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import org.jspecify.annotations.Nullable;

/** Calls of one cache's out tier that have failed: each is counted, and some are logged. Thread-safe. */
final class OutFailures {
    private final StatsRecorder stats;
    private final LimitedLog log;

    OutFailures(StatsRecorder stats, LimitedLog log) {
        this.stats = stats;
        this.log = log;
    }

    /** A call has failed, or was not made as the tier is known to be away; without a failure there was no answer. */
    void failed(String what, @Nullable Throwable failure) {
        if (failure != null && Failures.origin(failure) instanceof TierAwayException) {
            stats.count(Counter.OUT_REFUSED);
            return;
        }
        stats.count(Counter.OUT_FAILURE);
        warn(what, failure == null ? new IllegalStateException("no answer") : failure);
    }

    /** The tier has answered what cannot be. */
    void warn(String what, Throwable failure) {
        log.warn("out tier: " + what, failure);
    }
}
