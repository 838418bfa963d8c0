package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.Tags;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Applies the ranges of redos to the local tiers once more: between the loss in the out tier and the redo, a resurrected
 * value may have been copied. What a tier holds by right is as new, and stays.
 *
 * <p>Concurrency: {@link #add} and {@link #applied} from any thread; all else is driven by one.
 */
final class LocalRedo implements LogHandler {
    private final SyncLog log;
    private final FillFence fence;
    private final Map<String, EventApplier.Target> targets;
    private final LimitedLog failures;
    private final Queue<Range> ranges = new ConcurrentLinkedQueue<>();

    /** The map of open caches by name is shared with the node. */
    LocalRedo(SyncLog log, FillFence fence, Map<String, EventApplier.Target> targets, TimeSource time) {
        this.log = log;
        this.fence = fence;
        this.targets = targets;
        this.failures = new LimitedLog(LoggerFactory.getLogger(LocalRedo.class), time);
    }

    /** The range of the redo at this offset. */
    private record Range(long redo, RangeReader reader) {}

    /** Adds the range of the redo at this offset. */
    void add(int partition, long redo, long from, long to) {
        ranges.add(new Range(redo, new RangeReader(log, partition, from, to, this)));
    }

    /**
     * The position, but in no partition past a redo that is not applied: a checkpoint there would forget it. The position must
     * be from before the call. Called from any thread.
     */
    LogPosition applied(LogPosition position) {
        if (ranges.isEmpty()) {
            return position;
        }
        long[] offsets = new long[position.partitions()];
        for (int p = 0; p < offsets.length; p++) {
            offsets[p] = position.offset(p);
        }
        for (Range range : ranges) {
            int partition = range.reader.partition();
            offsets[partition] = Math.min(offsets[partition], range.redo);
        }
        return LogPosition.of(offsets);
    }

    /** Goes on with the first range, without waiting; returns how many events were applied. */
    int step() {
        Range first = ranges.peek();
        if (first == null) {
            return 0;
        }
        RangeReader range = first.reader;
        int events = 0;
        try {
            events = range.poll(Duration.ZERO);
        } catch (RuntimeException e) {
            failures.warn("a redo of partition=" + range.partition() + " is tried again", e);
        }
        if (range.isDone()) {
            ranges.remove();
            range.close();
        }
        return events;
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        if (event instanceof Event.Put put) {
            keyed(partition, put.cache(), put.key(), put.entry().withVersion(offset));
        } else if (event instanceof Event.Invalidate invalidate) {
            keyed(partition, invalidate.cache(), invalidate.key(), Entry.tombstone(offset));
        } else if (event instanceof Event.Clear clear) {
            fence.raise(clear.cache(), floors -> floors.raise(partition, offset));
        } else if (event instanceof Event.Tag tag) {
            long hash = Tags.hash(tag.tag());
            fence.raise(tag.cache(), floors -> floors.raiseTag(partition, hash, offset));
        } else if (event instanceof Event.Unreadable unreadable) {
            keyed(partition, unreadable.cache(), unreadable.key(), Entry.tombstone(offset));
        }
    }

    /** An event without a key has raised its floors when it was read first. */
    private void keyed(int partition, @Nullable String cache, byte @Nullable [] bytes, Entry entry) {
        EventApplier.Target target = cache == null ? null : targets.get(cache);
        if (cache == null || bytes == null || target == null) {
            return;
        }
        EncodedKey key = new KeySpace(cache, log.partitions()).key(bytes);
        if (key.partition() == partition) {
            target.replayEvent(key, entry);
        }
    }

    @Override
    public void onPosition(int partition, long next) {
        // The range keeps the position.
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        failures.error("gap in a redo: partition=" + partition + " next=" + next + ": " + reason);
        fence.gap(partition, next - 1);
    }

    void close() {
        ranges.forEach(range -> range.reader.close());
    }
}
