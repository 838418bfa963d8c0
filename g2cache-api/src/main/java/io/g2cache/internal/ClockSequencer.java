package io.g2cache.internal;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Versions without a log: a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014), wall milliseconds in
 * the upper bits and a counter in the lower 16. Unique within the node, ahead of every version seen. Thread-safe.
 */
final class ClockSequencer implements Sequencer {
    private static final int COUNTER_BITS = 16;

    private final String generation;
    private final TimeSource time;
    private final AtomicLong last = new AtomicLong();

    ClockSequencer(String nodeId, TimeSource time) {
        this.generation = "clock-" + nodeId;
        this.time = time;
    }

    @Override
    public String generation() {
        return generation;
    }

    /** The clock goes on over a restart; nobody else writes to this node's own tier. */
    @Override
    public String localGeneration() {
        return "clock";
    }

    @Override
    public LogPosition position() {
        return LogPosition.of(0);
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public CompletableFuture<Appended> append(int partition, Event event) {
        return CompletableFuture.completedFuture(new Appended(partition, next()));
    }

    @Override
    public long stamp(int partition) {
        return next();
    }

    @Override
    public void observed(int partition, long version) {
        last.accumulateAndGet(version, Math::max);
    }

    private long next() {
        long now = time.wallMillis() << COUNTER_BITS;
        return last.updateAndGet(previous -> Math.max(previous + 1, now));
    }
}
