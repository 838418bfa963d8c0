package io.g2cache.internal;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import java.util.concurrent.CompletableFuture;

/**
 * Stands for the log of a node that was started without reaching it: takes nothing, and knows neither partitions nor
 * generation. Thread-safe.
 */
final class LogToCome implements Sequencer {
    /** No log has it: theirs name a topic. */
    private static final String NO_GENERATION = "unknown";

    private final String nodeId;

    LogToCome(String nodeId) {
        this.nodeId = nodeId;
    }

    private SyncLogException notReached(String what) {
        return new SyncLogException(
                Outcome.FAILED, "node=" + nodeId + " has not reached its log since it was started: " + what);
    }

    @Override
    public String generation() {
        return NO_GENERATION;
    }

    @Override
    public String localGeneration() {
        return NO_GENERATION;
    }

    @Override
    public LogPosition position() {
        return LogPosition.of(0);
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public CompletableFuture<Appended> append(int partition, Event event) {
        return CompletableFuture.failedFuture(notReached("nothing was written"));
    }

    @Override
    public long stamp(int partition) {
        return RecentVersions.NONE;
    }

    @Override
    public void observed(int partition, long version) {
        // There is no tier in which versions could be seen.
    }

    @Override
    public void requireReached() {
        throw notReached("no write can be waited for");
    }
}
