package io.g2cache.internal;

import io.g2cache.GenerationEndedException;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import java.util.concurrent.CompletableFuture;

/** Versions by the log: an event's offset. Thread-safe. */
final class LogSequencer implements Sequencer {
    private final SyncLog log;
    private final PositionTracker positions;
    private final AppendDeadlines deadlines;
    private final GenerationEnd generation;

    LogSequencer(SyncLog log, PositionTracker positions, AppendDeadlines deadlines, GenerationEnd generation) {
        this.log = log;
        this.positions = positions;
        this.deadlines = deadlines;
        this.generation = generation;
    }

    @Override
    public String generation() {
        return log.generation();
    }

    @Override
    public String localGeneration() {
        return log.generation();
    }

    @Override
    public LogPosition position() {
        return positions.snapshot();
    }

    @Override
    public int partitions() {
        return log.partitions();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public CompletableFuture<Appended> append(int partition, Event event) {
        if (generation.hasEnded()) {
            return CompletableFuture.failedFuture(
                    new GenerationEndedException("the log's generation=" + log.generation() + " has ended"));
        }
        long applied = positions.position(partition);
        return deadlines
                .bounded(log.append(partition, event))
                .thenApply(offset -> appended(partition, applied, offset));
    }

    /** An offset that this node had applied before it sent the event can only be given once more by a log that lost it. */
    private Appended appended(int partition, long applied, long offset) {
        if (offset < applied) {
            String evidence = "partition=" + partition + " gave offset=" + offset
                    + " again, this node had applied it up to position=" + applied;
            generation.truncated(evidence);
            throw new SyncLogException(Outcome.UNKNOWN, "the log was truncated: " + evidence);
        }
        return new Appended(partition, offset);
    }

    @Override
    public long stamp(int partition) {
        return positions.position(partition) - 1;
    }

    @Override
    public void observed(int partition, long version) {
        if (version >= positions.position(partition)) {
            generation.claimed(partition, version);
        }
    }
}
