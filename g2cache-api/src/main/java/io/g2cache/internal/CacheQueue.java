package io.g2cache.internal;

import io.g2cache.internal.QueuedWrites.Accepted;
import io.g2cache.internal.queue.QueuedEvent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.KeySpace;
import java.util.List;

/**
 * The node's queue as one cache uses it: what is queued is dropped from the local tier, and loads that are under way are not
 * joined any more. Thread-safe; queueing blocks while the disk does.
 */
final class CacheQueue {
    private final KeySpace space;
    private final QueuedWrites queue;
    private final Tiers<?, ?> tiers;
    private final LoadCoalescer<?> coalescer;
    private final Sequencer sequencer;
    private final boolean takesWrites;

    CacheQueue(
            KeySpace space,
            QueuedWrites queue,
            Tiers<?, ?> tiers,
            LoadCoalescer<?> coalescer,
            Sequencer sequencer,
            boolean takesWrites) {
        this.space = space;
        this.queue = queue;
        this.tiers = tiers;
        this.coalescer = coalescer;
        this.sequencer = sequencer;
        this.takesWrites = takesWrites;
    }

    /** Whether this cache's writes are queued where the log does not take them. */
    boolean takesWrites() {
        return takesWrites;
    }

    /** Whether a write to this partition is queued without trying the log. */
    boolean isAway(int partition) {
        return takesWrites && queue.isAway(partition);
    }

    /** Queues invalidations; the first so many of them. */
    Accepted invalidate(List<EncodedKey> keys) {
        Accepted accepted = queue.add(keys.stream()
                .map(key -> QueuedEvent.invalidate(space.cache(), key.bytes()))
                .toList());
        for (EncodedKey key : keys.subList(0, accepted.count())) {
            dead(key);
        }
        return accepted;
    }

    /**
     * Queues a clear of the cache, or the invalidation of a tag. Which entries have the tag is not asked here: until it was
     * sent, this node treats all of them as dead.
     */
    Accepted invalidate(QueuedEvent ofCache) {
        Accepted accepted = queue.add(List.of(ofCache));
        if (accepted.count() > 0) {
            allDead();
        }
        return accepted;
    }

    /** Drops what waits from before the cache was opened; called before anything is served. */
    void dropWaiting() {
        queue.forEach(space.cache(), event -> {
            if (event.isOfKey()) {
                dead(space.key(event.key()));
            } else {
                allDead();
            }
        });
    }

    private void dead(EncodedKey key) {
        coalescer.detach(key);
        if (!tiers.discard(key)) {
            tiers.floors().raiseLocal(key.partition(), sequencer.stamp(key.partition()));
        }
    }

    private void allDead() {
        coalescer.detachAll();
        tiers.discardAll();
    }
}
