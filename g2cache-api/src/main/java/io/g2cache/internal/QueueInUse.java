package io.g2cache.internal;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The queue for writes that a node has now. Each of its lives opens the queue anew, and calls come to the caches of a life for a
 * while when the next one has it already. Thread-safe.
 *
 * @param counts what the queue has done since the node's start
 * @param newest the one that was opened last
 */
record QueueInUse(QueueCounts counts, AtomicReference<@Nullable QueuedWrites> newest) {
    QueueInUse() {
        this(new QueueCounts(), new AtomicReference<>());
    }

    /** A queue was opened, and nothing is sent of it yet. */
    void is(QueuedWrites queue) {
        newest.set(queue);
    }

    /** The one that was opened last; null before the first. */
    @Nullable
    QueuedWrites queue() {
        return newest.get();
    }
}
