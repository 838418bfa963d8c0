package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.Tags;
import io.g2cache.spi.TimeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Applies every event of the log to what this node knows and to the local tiers of its open caches; the position moves only
 * afterwards. Runs no user code but codecs, and waits for nothing.
 *
 * <p>Concurrency: called by the thread that polls the tailer; caches are opened and closed by any thread.
 */
final class EventApplier implements LogHandler {
    /** An open cache, as far as events go. */
    interface Target {
        /** A put or an invalidation of a key. */
        void applyEvent(EncodedKey key, Entry entry);

        /** An event that was applied before, for what the local tier may have taken from the out tier since. */
        void replayEvent(EncodedKey key, Entry entry);

        /** A load's value that another node publishes. */
        void applyLoaded(EncodedKey key, Entry entry);

        /** Keys unknown one by one have become invalid. */
        void applyClear();

        /** Counts something. */
        StatsRecorder counters();
    }

    /** Hears of redos, before the position passes them. */
    @FunctionalInterface
    interface RedoListener {
        /** A redo was read. */
        void onRedo(int partition, long offset, Event.Redo redo);
    }

    private final String nodeId;
    private final FillFence fence;
    private final PositionTracker positions;
    private final int partitions;
    private final Map<String, Target> targets;
    private final @Nullable RedoListener redos;
    private final LimitedLog failures;
    private final Map<String, KeySpace> keySpaces = new ConcurrentHashMap<>();
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    private final AtomicLong probesSeen = new AtomicLong();

    /** The map of open caches by name is shared with the node; redos concern nobody where there is no out tier. */
    EventApplier(
            String nodeId,
            FillFence fence,
            PositionTracker positions,
            int partitions,
            Map<String, Target> targets,
            @Nullable RedoListener redos,
            TimeSource time) {
        this.nodeId = nodeId;
        this.fence = fence;
        this.positions = positions;
        this.partitions = partitions;
        this.targets = targets;
        this.redos = redos;
        this.failures = new LimitedLog(LoggerFactory.getLogger(EventApplier.class), time);
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        if (event instanceof Event.Put put) {
            keyed(partition, offset, put.cache(), put.key(), put.entry().withVersion(offset));
        } else if (event instanceof Event.Invalidate invalidate) {
            keyed(partition, offset, invalidate.cache(), invalidate.key(), Entry.tombstone(offset));
        } else if (event instanceof Event.Clear clear) {
            emptied(clear.cache(), floors -> floors.raise(partition, offset));
        } else if (event instanceof Event.Tag tag) {
            long hash = Tags.hash(tag.tag());
            emptied(tag.cache(), floors -> floors.raiseTag(partition, hash, offset));
        } else if (event instanceof Event.Loaded loaded) {
            loaded(partition, offset, loaded);
        } else if (event instanceof Event.Probe probe) {
            if (probe.origin().equals(nodeId)) {
                probesSeen.incrementAndGet();
            }
        } else if (event instanceof Event.Redo redo) {
            if (redos != null) {
                redos.onRedo(partition, offset, redo);
            }
        } else if (event instanceof Event.Unreadable unread) {
            unreadable(partition, offset, unread);
        }
        applied.incrementAndGet();
    }

    @Override
    public void onPosition(int partition, long next) {
        positions.advance(partition, next);
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        failures.error("gap in the log: partition=" + partition + " next=" + next + ": " + reason
                + "; everything older in this partition is dropped from the local tiers");
        fence.missed(partition, next - 1);
        targets.values().forEach(EventApplier::emptiedByGap);
    }

    private void keyed(int partition, long offset, String cache, byte[] bytes, Entry entry) {
        EncodedKey key = keySpace(cache).key(bytes);
        if (key.partition() != partition) {
            failures.error(key + " of cache=" + cache + " was found in partition=" + partition + " offset=" + offset);
            gap(partition, offset);
            return;
        }
        fence.record(key, offset);
        Target target = targets.get(cache);
        if (target != null) {
            target.applyEvent(key, entry);
            target.counters().count(Counter.EVENT_APPLIED);
        }
    }

    private void emptied(String cache, Consumer<CacheFloors> raise) {
        fence.raise(cache, raise);
        Target target = targets.get(cache);
        if (target != null) {
            target.applyClear();
            target.counters().count(Counter.EVENT_APPLIED);
        }
    }

    /** No load can know of an event that was appended after it was: such a stamp is of another history, or a lie. */
    private void loaded(int partition, long offset, Event.Loaded loaded) {
        Target target = targets.get(loaded.cache());
        if (target != null && !loaded.origin().equals(nodeId) && loaded.entry().version() < offset) {
            EncodedKey key = keySpace(loaded.cache()).key(loaded.key());
            if (key.partition() == partition) {
                target.applyLoaded(key, loaded.entry());
                target.counters().count(Counter.EVENT_APPLIED);
            }
        }
    }

    private void unreadable(int partition, long offset, Event.Unreadable event) {
        unreadable.incrementAndGet();
        failures.error("unreadable event in partition=" + partition + " offset=" + offset + " cache=" + event.cache()
                + ": " + event.reason());
        String cache = event.cache();
        byte[] bytes = event.key();
        if (cache != null && bytes != null) {
            keyed(partition, offset, cache, bytes, Entry.tombstone(offset));
            Target target = targets.get(cache);
            if (target != null) {
                target.counters().count(Counter.EVENT_UNREADABLE);
            }
        } else {
            gap(partition, offset);
            targets.values().forEach(target -> target.counters().count(Counter.EVENT_UNREADABLE));
        }
    }

    /**
     * Which key this was is not known: everything older in this partition is in doubt. The floor is this event and not the
     * next offset, which belongs to an event that a load started now knows nothing of.
     */
    private void gap(int partition, long offset) {
        fence.gap(partition, offset);
        targets.values().forEach(EventApplier::emptiedByGap);
    }

    private static void emptiedByGap(Target target) {
        target.applyClear();
        target.counters().count(Counter.GAP);
    }

    private KeySpace keySpace(String cache) {
        KeySpace known = keySpaces.get(cache);
        if (known != null) {
            return known;
        }
        return keySpaces.size() < FloorsByCache.MOST_NOT_OPEN
                ? keySpaces.computeIfAbsent(cache, name -> new KeySpace(name, partitions))
                : new KeySpace(cache, partitions);
    }

    /** Events handed over since the start. */
    long applied() {
        return applied.get();
    }

    /** Events that could not be decoded since the start. */
    long unreadable() {
        return unreadable.get();
    }

    /** This node's own probes that came back. */
    long probesSeen() {
        return probesSeen.get();
    }
}
