package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells all nodes how far the out tier is, partition by partition, in a ledger that lies in the tier itself. What is published
 * must be true of the tier that it is published in, which need not be the one that the events were applied to: after a split,
 * this node may have come to the other side. So progress is published by compare-and-set against what was published before; where
 * something older is found, or nothing, the difference is applied again first.
 *
 * <p>Freshness is as of the moment before the log was asked for an end that has been passed since.
 *
 * <p>Concurrency: used by the materialiser's thread, which looks at futures when they are done; {@link #doubt} by any.
 */
final class OutPublisher {
    /** How often progress is published and the log asked for its end. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private final SyncLog log;
    private final OutLedger ledger;
    private final OutRedos redos;
    private final TimeSource time;
    private final LimitedLog failures;
    private final Map<Integer, Share> shares = new HashMap<>();
    private @Nullable CompletableFuture<Map<Integer, OutProgress>> reading;
    private long reads;
    private long nextReadNanos;
    private @Nullable CompletableFuture<LogPosition> ends;
    private long endsAsOf;
    private Map<Integer, Long> endsFrom = Map.of();
    private long nextEndsNanos;
    private volatile boolean doubted;

    OutPublisher(SyncLog log, OutLedger ledger, OutRedos redos, TimeSource time, LimitedLog failures) {
        this.log = log;
        this.ledger = ledger;
        this.redos = redos;
        this.time = time;
        this.failures = failures;
        this.nextReadNanos = time.monotonicNanos();
        this.nextEndsNanos = time.monotonicNanos();
    }

    /** One partition of this node. */
    private static final class Share {
        private @Nullable OutProgress known;
        private boolean isSure;
        private boolean isReapplied;
        private boolean isDoubted;
        private long fromRead;
        private long freshAsOf = Long.MIN_VALUE;
        private long proofAsOf = Long.MIN_VALUE;
        private long proofEnd;
        private @Nullable OutProgress attempted;
        private @Nullable CompletableFuture<Boolean> publishing;
        private long publishedNanos;
    }

    /** Forgets what it knows of all other partitions: others may have published since. */
    void retain(Set<Integer> partitions) {
        shares.keySet().retainAll(partitions);
    }

    /** The tier may have lost something that it had taken. */
    void doubt() {
        doubted = true;
    }

    /**
     * Publishes what is due; to be called when everything below the positions is applied and committed.
     *
     * @param positions the next offset of each partition of this node
     * @param isUrgent whether what has changed is worth a call at once
     */
    void step(Map<Integer, Long> positions, boolean isUrgent) {
        retain(positions.keySet());
        positions.keySet().forEach(partition -> shares.computeIfAbsent(partition, p -> unsure(new Share())));
        if (doubted) {
            doubted = false;
            shares.values().forEach(share -> unsure(share).isDoubted = true);
        }
        prove(positions);
        shares.forEach(this::published);
        compare(positions);
        shares.forEach(
                (partition, share) -> publish(partition, share, positions.getOrDefault(partition, 0L), isUrgent));
    }

    /** Before more is published, the ledger is read by a call that begins later than now. */
    private Share unsure(Share share) {
        share.isSure = false;
        share.fromRead = reads + 1;
        return share;
    }

    /** An end that lies before where this node was when it asked proves nothing: the log has lost it, or a broker is behind. */
    private void prove(Map<Integer, Long> positions) {
        CompletableFuture<LogPosition> asked = ends;
        if (asked != null && asked.isDone()) {
            ends = null;
            LogPosition end = result(asked, "the log does not tell its end");
            if (end != null) {
                shares.forEach((partition, share) -> {
                    if (end.offset(partition) >= endsFrom.getOrDefault(partition, 0L)) {
                        prove(share, end.offset(partition));
                    }
                });
            }
        }
        shares.forEach((partition, share) -> {
            if (share.proofAsOf != Long.MIN_VALUE && positions.getOrDefault(partition, 0L) >= share.proofEnd) {
                share.freshAsOf = share.proofAsOf;
                share.proofAsOf = Long.MIN_VALUE;
            }
        });
        long now = time.monotonicNanos();
        if (ends == null && now - nextEndsNanos >= 0) {
            nextEndsNanos = now + INTERVAL.toNanos();
            endsAsOf = time.wallMillis();
            endsFrom = Map.copyOf(positions);
            ends = log.endOffsets();
        }
    }

    /** An older proof that is not reached yet stays: it will be, however far behind this node is. */
    private void prove(Share share, long end) {
        if (share.proofAsOf == Long.MIN_VALUE) {
            share.proofAsOf = endsAsOf;
            share.proofEnd = end;
        }
    }

    private void compare(Map<Integer, Long> positions) {
        CompletableFuture<Map<Integer, OutProgress>> answer = reading;
        if (answer != null && answer.isDone()) {
            reading = null;
            Map<Integer, OutProgress> held = result(answer, "the ledger of the out tier cannot be read");
            if (held != null) {
                shares.forEach((partition, share) -> {
                    if (!share.isSure && !share.isReapplied && share.fromRead <= reads) {
                        compare(partition, share, held, positions.getOrDefault(partition, 0L));
                    }
                });
            }
        }
        boolean isWanted = shares.values().stream().anyMatch(share -> !share.isSure && !share.isReapplied);
        if (isWanted && reading == null && time.monotonicNanos() - nextReadNanos >= 0) {
            reads++;
            reading = ledger.progress();
        }
    }

    /** What the ledger does not account for is applied again. An empty ledger is that of an empty tier, which lacks nothing. */
    private void compare(int partition, Share share, Map<Integer, OutProgress> held, long position) {
        OutProgress found = held.get(partition);
        OutProgress before = share.known;
        long from = found != null ? found.committed() : held.isEmpty() ? position : 0;
        boolean isOwn = found != null && before != null && found.committed() >= before.committed();
        share.known = found;
        if (from >= position || (isOwn && !share.isDoubted)) {
            share.isSure = true;
            share.isDoubted = false;
            return;
        }
        share.isReapplied = true;
        share.isDoubted = false;
        redos.reapply(partition, from, position, () -> {
            share.isReapplied = false;
            share.isSure = !share.isDoubted;
        });
    }

    private void publish(int partition, Share share, long position, boolean isUrgent) {
        OutProgress known = share.known;
        OutProgress next = new OutProgress(position, share.freshAsOf, redos.position(partition));
        if (!share.isSure || share.publishing != null || next.equals(known)) {
            return;
        }
        long now = time.monotonicNanos();
        boolean isDue = known == null
                || (isUrgent && known.committed() < next.committed())
                || (known.redoing() >= 0) != (next.redoing() >= 0)
                || now - share.publishedNanos >= INTERVAL.toNanos();
        if (isDue) {
            share.publishedNanos = now;
            share.attempted = next;
            share.publishing = ledger.publish(partition, known, next);
            published(partition, share);
        }
    }

    private void published(int partition, Share share) {
        CompletableFuture<Boolean> answer = share.publishing;
        if (answer == null || !answer.isDone()) {
            return;
        }
        share.publishing = null;
        if (Boolean.TRUE.equals(result(answer, "progress of partition=" + partition + " was not published"))) {
            share.known = share.attempted;
        } else {
            unsure(share);
        }
    }

    /** The result of a future that is done; null, and a line in the log, if it failed. */
    private <T> @Nullable T result(CompletableFuture<T> done, String what) {
        try {
            return done.join();
        } catch (RuntimeException e) {
            nextReadNanos = time.monotonicNanos() + INTERVAL.toNanos();
            failures.warn(what, Failures.origin(e));
            return null;
        }
    }
}
