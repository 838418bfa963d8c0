package io.g2cache.internal;

import io.g2cache.GenerationEndedException;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.LoggerFactory;

/**
 * Where whatever meets the end of the log's history reports it, and where evidence that the log's end was cut off is turned
 * into one that all nodes hear of. Thread-safe; nothing blocks.
 */
final class GenerationEnd {
    private static final int ANSWERS_IN_A_ROW = 4;

    private final SyncLog log;
    private final CompletableFuture<GenerationEndedException> ended = new CompletableFuture<>();
    private final AtomicBoolean announcing = new AtomicBoolean();
    private final AtomicIntegerArray contradictions;
    private final AtomicLongArray claims;
    private volatile boolean isContradicted;
    private final LimitedLog failures;

    GenerationEnd(SyncLog log, TimeSource time) {
        this.log = log;
        this.contradictions = new AtomicIntegerArray(log.partitions());
        this.claims = CacheFloors.filled(log.partitions());
        this.failures = new LimitedLog(LoggerFactory.getLogger(GenerationEnd.class), time);
    }

    /** Completes with the first report. */
    CompletableFuture<GenerationEndedException> ended() {
        return ended;
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** Takes a report out of a failure, if it is one. */
    void inspect(Throwable failure) {
        if (Failures.origin(failure) instanceof GenerationEndedException e) {
            ended.complete(e);
        }
    }

    /** A tier holds a version that this node has not come to yet: the log must reach beyond it. */
    void claimed(int partition, long version) {
        CacheFloors.raise(claims, partition, version);
    }

    /** What tiers have claimed so far: the offsets after their newest versions. */
    LogPosition claimed() {
        long[] next = new long[claims.length()];
        for (int p = 0; p < next.length; p++) {
            next[p] = Math.max(0, claims.get(p) + 1);
        }
        return LogPosition.of(next);
    }

    /** Whether the last answer about the log's end contradicts what was seen of it. */
    boolean isContradicted() {
        return isContradicted;
    }

    /**
     * The log may end before what this node has seen of it. One broker that does not know yet that it is no longer the leader
     * may say so as well; so only some answers in a row for the same partition are evidence. Both positions are from before the
     * answer was asked for.
     *
     * @return whether the answer may be believed
     */
    boolean requireReaches(LogPosition end, LogPosition applied, LogPosition claimed) {
        boolean contradicts = false;
        for (int p = 0; p < end.partitions(); p++) {
            long ends = end.offset(p);
            if (ends >= applied.offset(p) && ends >= claimed.offset(p)) {
                contradictions.set(p, 0);
                continue;
            }
            contradicts = true;
            if (contradictions.incrementAndGet(p) >= ANSWERS_IN_A_ROW) {
                truncated("partition=" + p + " ends at offset=" + ends
                        + ", this node has applied it up to position=" + applied.offset(p)
                        + ", and the newest version in a tier is " + (claimed.offset(p) - 1));
            }
        }
        isContradicted = contradicts;
        return !contradicts;
    }

    /** Announces the end of the history to all nodes; until that has worked, the next evidence tries again. */
    void truncated(String evidence) {
        if (hasEnded() || !announcing.compareAndSet(false, true)) {
            return;
        }
        failures.error("the log was truncated: " + evidence);
        var unused = log.announceTruncation(evidence).whenComplete((done, failure) -> {
            announcing.set(false);
            if (failure == null) {
                ended.complete(new GenerationEndedException("the log was truncated: " + evidence));
            } else {
                inspect(failure);
                failures.warn("the truncation of the log could not be announced", failure);
            }
        });
    }
}
