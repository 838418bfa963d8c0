package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.SyncLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ranges of this node's partitions that are applied to the out tier once more, one range at a time: those that a redo asks
 * for, and those that the ledger shows to be missing. Used by one thread.
 */
final class OutRedos {
    private static final long NO_REDO = -1;
    private static final long MENDING = -2;

    private final SyncLog log;
    private final OutTiers tiers;
    private final LimitedLog failures;
    private final Deque<Job> jobs = new ArrayDeque<>();
    private final Map<Integer, Long> doneTo = new HashMap<>();

    OutRedos(SyncLog log, OutTiers tiers, LimitedLog failures) {
        this.log = log;
        this.tiers = tiers;
        this.failures = failures;
    }

    /** One range; its batch is bounded, as nothing is read while something is left to be told. */
    private final class Job implements LogHandler {
        private final long redoOffset;
        private final long from;
        private final long to;
        private final OutBatch batch = new OutBatch(tiers);
        private final OutEvents events = new OutEvents(log.partitions(), batch, failures);
        private final RangeReader reader;
        private final Runnable whenDone;
        private long earliest;

        Job(int partition, long from, long to, long redoOffset, Runnable whenDone) {
            this.redoOffset = redoOffset;
            this.from = from;
            this.to = to;
            this.earliest = from;
            this.whenDone = whenDone;
            this.reader = new RangeReader(log, partition, from, to, this);
        }

        @Override
        public void onEvent(int partition, long offset, Event event) {
            if (event instanceof Event.Redo redo) {
                earliest = Math.min(earliest, redo.from());
            }
            events.onEvent(partition, offset, event);
        }

        @Override
        public void onPosition(int partition, long next) {
            events.onPosition(partition, next);
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            events.onGap(partition, next, reason);
        }

        int step(Duration maxWait) {
            int events = batch.isEmpty() ? reader.poll(maxWait) : 0;
            return events + batch.apply(maxWait);
        }

        boolean isDone() {
            return batch.isEmpty() && reader.isDone();
        }
    }

    /** Applies what lies before the redo at this offset once more, unless that is under way. Nothing newer was applied yet. */
    void redo(int partition, long offset, long from) {
        boolean known = jobs.stream().anyMatch(job -> job.reader.partition() == partition && job.redoOffset == offset);
        if (!known) {
            jobs.add(new Job(partition, from, offset, offset, () -> doneTo.merge(partition, offset, Math::max)));
        }
    }

    /** Whether the redo at this offset, or a later one of the partition, was done here. */
    boolean isDone(int partition, long offset) {
        return doneTo.getOrDefault(partition, NO_REDO) >= offset;
    }

    /** Applies a range that no redo has asked for. */
    void reapply(int partition, long from, long to, Runnable whenDone) {
        jobs.add(new Job(partition, from, to, NO_REDO, whenDone));
    }

    /**
     * The partitions that go on only when their ranges are done: a value of a range, applied where the tombstone of a later event
     * has been and was evicted, would stay.
     */
    Set<Integer> held() {
        return jobs.stream().map(job -> job.reader.partition()).collect(Collectors.toSet());
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /** How far the first redo of a partition has come; -1 if there is none. */
    long position(int partition) {
        for (Job job : jobs) {
            if (job.redoOffset >= 0 && job.reader.partition() == partition) {
                return job.reader.position();
            }
        }
        return NO_REDO;
    }

    /** Forgets the partitions that others have now; they begin their redos anew. */
    void retain(Set<Integer> partitions) {
        doneTo.keySet().retainAll(partitions);
        jobs.removeIf(job -> {
            boolean lost = !partitions.contains(job.reader.partition());
            if (lost) {
                job.reader.close();
            }
            return lost;
        });
    }

    /**
     * Goes on with the first range.
     *
     * @return how much was done
     * @throws RuntimeException if the log or the out tier fails; the next call goes on there
     */
    int step(Duration maxWait) {
        Job job = jobs.peek();
        if (job == null) {
            return 0;
        }
        int done = job.step(maxWait);
        if (!job.isDone()) {
            return done;
        }
        jobs.remove();
        job.reader.close();
        if (job.redoOffset == NO_REDO && job.earliest < job.from) {
            // the tier lacks what these redos have mended, too; all of it once more, as only the log's order is safe
            jobs.addFirst(new Job(job.reader.partition(), job.earliest, job.to, MENDING, job.whenDone));
        } else {
            job.whenDone.run();
        }
        return done + 1;
    }

    void close() {
        jobs.forEach(job -> job.reader.close());
        jobs.clear();
    }
}
