package io.g2cache.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the queue for writes has done since the node's start; outlives the generations of the log, each of which opens the
 * queue anew. Thread-safe.
 */
record QueueCounts(AtomicLong accepted, AtomicLong sent, AtomicLong refused) {
    QueueCounts() {
        this(new AtomicLong(), new AtomicLong(), new AtomicLong());
    }
}
