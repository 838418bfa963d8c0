package io.g2cache.internal;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends the waiting for appends that the log has not answered within its own deadline: their outcome is unknown. What was
 * appended after all arrives as an event. Thread-safe.
 */
final class AppendDeadlines {
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final TimeSource time;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    AppendDeadlines(TimeSource time) {
        this.time = time;
    }

    /** One append under way; equal to itself only. */
    private static final class Waiting {
        private final CompletableFuture<Long> answer = new CompletableFuture<>();
        private final long sinceNanos;

        Waiting(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    /** The same answer, or an unknown outcome after the timeout. */
    CompletableFuture<Long> bounded(CompletableFuture<Long> append) {
        if (append.isDone()) {
            return append;
        }
        Waiting one = new Waiting(time.monotonicNanos());
        waiting.add(one);
        var unused = append.whenComplete((offset, failure) -> {
            waiting.remove(one);
            if (failure == null) {
                one.answer.complete(offset);
            } else {
                one.answer.completeExceptionally(failure);
            }
        });
        return one.answer;
    }

    /** Ends the waiting of those that are due. */
    void expire() {
        long now = time.monotonicNanos();
        List<Waiting> due = waiting.stream()
                .filter(one -> now - one.sinceNanos >= TIMEOUT.toNanos())
                .toList();
        due.forEach(one -> {
            waiting.remove(one);
            one.answer.completeExceptionally(
                    new SyncLogException(Outcome.UNKNOWN, "the log did not answer an append within " + TIMEOUT));
        });
    }
}
