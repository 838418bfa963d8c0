package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import java.util.concurrent.CompletableFuture;

/** Versions by the log: an event's offset. Thread-safe. */
final class LogSequencer implements Sequencer {
    private final SyncLog log;
    private final PositionTracker positions;
    private final AppendDeadlines deadlines;

    LogSequencer(SyncLog log, PositionTracker positions, AppendDeadlines deadlines) {
        this.log = log;
        this.positions = positions;
        this.deadlines = deadlines;
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
        return deadlines.bounded(log.append(partition, event)).thenApply(offset -> new Appended(partition, offset));
    }

    @Override
    public long stamp(int partition) {
        return positions.position(partition) - 1;
    }

    @Override
    public void observed(long version) {
        // The log alone decides versions.
    }
}
