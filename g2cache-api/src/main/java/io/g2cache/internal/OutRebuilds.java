package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.OutRebuild;
import io.g2cache.TierException;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The rebuilds of the out tier that this node has asked for: a redo of everything in each partition, and waiting until the
 * ledger shows that it is done. Thread-safe; nothing blocks.
 */
final class OutRebuilds {
    private static final long NOT_WRITTEN = Long.MAX_VALUE;

    private final SyncLog log;
    private final String nodeId;
    private final AppendDeadlines appends;
    private final TimeSource time;
    private final Set<Rebuild> rebuilds = ConcurrentHashMap.newKeySet();

    OutRebuilds(SyncLog log, String nodeId, AppendDeadlines appends, TimeSource time) {
        this.log = log;
        this.nodeId = nodeId;
        this.appends = appends;
        this.time = time;
    }

    /** One rebuild; equal to itself only. */
    private static final class Rebuild implements OutRebuild {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AtomicLongArray redos;
        private final long startNanos;
        private final Duration timeout;
        private volatile double share;

        Rebuild(int partitions, long startNanos, Duration timeout) {
            this.redos = new AtomicLongArray(partitions);
            this.startNanos = startNanos;
            this.timeout = timeout;
            for (int p = 0; p < partitions; p++) {
                redos.set(p, NOT_WRITTEN);
            }
        }

        @Override
        public CompletableFuture<Void> done() {
            return done.copy();
        }

        @Override
        public double share() {
            return share;
        }

        void ledger(Map<Integer, OutProgress> progress) {
            double sum = 0;
            int passed = 0;
            for (int p = 0; p < redos.length(); p++) {
                OutProgress published = progress.get(p);
                long redo = redos.get(p);
                if (published != null && redo != NOT_WRITTEN && published.committed() > redo) {
                    passed++;
                    sum++;
                } else if (published != null && redo != NOT_WRITTEN && published.committed() == redo) {
                    sum += Math.max(0, published.redoing()) / (redo + 1.0);
                }
            }
            share = sum / redos.length();
            if (passed == redos.length()) {
                done.complete(null);
            }
        }
    }

    /** Asks for a rebuild. */
    OutRebuild start(Duration timeout) {
        Rebuild rebuild = new Rebuild(log.partitions(), time.monotonicNanos(), timeout);
        rebuilds.add(rebuild);
        var unused = log.endOffsets().thenCompose(end -> write(rebuild, end)).whenComplete((written, failure) -> {
            if (failure != null) {
                rebuild.done.completeExceptionally(Failures.origin(failure));
            }
        });
        return rebuild;
    }

    private CompletableFuture<Void> write(Rebuild rebuild, LogPosition end) {
        CompletableFuture<?>[] written = new CompletableFuture<?>[end.partitions()];
        for (int p = 0; p < written.length; p++) {
            int partition = p;
            written[p] = appends.bounded(log.append(p, new Event.Redo(0, end.offset(p), nodeId)))
                    .thenAccept(offset -> rebuild.redos.set(partition, offset));
        }
        return CompletableFuture.allOf(written);
    }

    /** What the ledger says now. */
    void ledger(Map<Integer, OutProgress> progress) {
        rebuilds.forEach(rebuild -> rebuild.ledger(progress));
    }

    /** Ends the waiting of those that are due. */
    void expire() {
        rebuilds.forEach(rebuild -> {
            if (time.monotonicNanos() - rebuild.startNanos >= Durations.nanos(rebuild.timeout)) {
                rebuild.done.completeExceptionally(new TierException("the out tier was not rebuilt within "
                        + rebuild.timeout + ", share=" + rebuild.share + "; the rebuild goes on"));
            }
        });
        rebuilds.removeIf(rebuild -> rebuild.done.isDone());
    }

    /** Ends all waiting. */
    void close() {
        rebuilds.forEach(rebuild -> rebuild.done.completeExceptionally(
                new NodeClosedException("node=" + nodeId + " was closed before the out tier was rebuilt")));
        rebuilds.clear();
    }
}
