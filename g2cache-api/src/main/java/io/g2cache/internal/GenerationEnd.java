package io.g2cache.internal;

import io.g2cache.GenerationEndedException;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final AtomicInteger contradictions = new AtomicInteger();
    private final LimitedLog failures;

    GenerationEnd(SyncLog log, TimeSource time) {
        this.log = log;
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

    /**
     * The log may end before what this node has seen of it. One broker that does not know yet that it is no longer the leader
     * may say so as well; so only some answers in a row are evidence.
     */
    void requireReaches(LogPosition end, LogPosition applied) {
        for (int p = 0; p < end.partitions(); p++) {
            if (end.offset(p) < applied.offset(p)) {
                if (contradictions.incrementAndGet() >= ANSWERS_IN_A_ROW) {
                    truncated("partition=" + p + " ends at offset=" + end.offset(p)
                            + ", this node has applied it up to position=" + applied.offset(p));
                }
                return;
            }
        }
        contradictions.set(0);
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
