package io.g2cache.internal;

import io.g2cache.spi.Agent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.Tags;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Applies the events of this node's share of the partitions to the out tier, in case their writer died in between, and
 * commits afterwards. What the out tier did not take ends the cycle with an exception, and the next one repeats it; nothing
 * is committed before all of a batch was taken.
 *
 * <p>An event whose key is not known is a gap: it kills the partition's older entries in the caches that are open here, and
 * in those that are opened later, as long as this node lives.
 *
 * <p>Concurrency: driven by one thread; {@code wakeUp} from any.
 */
final class Materialiser implements Agent, LogHandler {
    private final LogReader reader;
    private final OutTiers tiers;
    private final int partitions;
    private final Map<String, EventApplier.Target> targets;
    private final LimitedLog failures;
    private final OutBatch batch;
    private final Map<String, KeySpace> keySpaces = new HashMap<>();
    private final Map<Integer, Long> gaps = new HashMap<>();
    private final Set<String> cachesWithGaps = new HashSet<>();
    private final Map<String, Integer> batchEventsByCache = new HashMap<>();
    private int batchEvents;

    /** The map of open caches by name is shared with the node. */
    Materialiser(
            LogReader reader,
            OutTiers tiers,
            int partitions,
            Map<String, EventApplier.Target> targets,
            TimeSource time) {
        this.reader = reader;
        this.tiers = tiers;
        this.partitions = partitions;
        this.targets = targets;
        this.failures = new LimitedLog(LoggerFactory.getLogger(Materialiser.class), time);
        this.batch = new OutBatch(tiers);
    }

    @Override
    public String name() {
        return "materialiser";
    }

    @Override
    public int doWork(Duration maxWait) {
        raiseGapsInNewCaches();
        if (batchEvents == 0 && batch.isEmpty()) {
            reader.poll(maxWait, this);
        }
        int applied = batch.apply(maxWait);
        raiseGapsInNewCaches();
        return batch.isEmpty() && batchEvents > 0 ? commit() : applied;
    }

    private int commit() {
        reader.commit();
        batchEventsByCache.forEach(this::count);
        batchEventsByCache.clear();
        int committed = batchEvents;
        batchEvents = 0;
        return committed;
    }

    private void count(String cache, int events) {
        EventApplier.Target target = targets.get(cache);
        for (int i = 0; target != null && i < events; i++) {
            target.counters().count(Counter.EVENT_MATERIALISED);
        }
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        batchEvents++;
        if (event instanceof Event.Put put) {
            add(partition, offset, put.cache(), put.key(), put.entry().withVersion(offset));
        } else if (event instanceof Event.Invalidate invalidate) {
            add(partition, offset, invalidate.cache(), invalidate.key(), Entry.tombstone(offset));
        } else if (event instanceof Event.Clear clear) {
            batch.floor(clear.cache(), partition, offset);
            batchEventsByCache.merge(clear.cache(), 1, Integer::sum);
        } else if (event instanceof Event.Tag tag) {
            batch.floor(tag.cache(), Tags.floorNumber(partition, Tags.hash(tag.tag())), offset);
            batchEventsByCache.merge(tag.cache(), 1, Integer::sum);
        } else if (event instanceof Event.Unreadable unreadable) {
            add(partition, offset, unreadable);
        }
    }

    private void add(int partition, long offset, Event.Unreadable unreadable) {
        String cache = unreadable.cache();
        byte[] key = unreadable.key();
        if (cache != null && key != null) {
            add(partition, offset, cache, key, Entry.tombstone(offset));
        } else {
            gap(partition, offset);
        }
    }

    private void add(int partition, long offset, String cache, byte[] bytes, Entry entry) {
        EncodedKey key = keySpaces
                .computeIfAbsent(cache, name -> new KeySpace(name, partitions))
                .key(bytes);
        if (key.partition() == partition) {
            batch.entry(cache, key, entry);
            batchEventsByCache.merge(cache, 1, Integer::sum);
        } else {
            failures.error(key + " of cache=" + cache + " was found in partition=" + partition + " offset=" + offset);
            gap(partition, offset);
        }
    }

    private void gap(int partition, long offset) {
        gaps.merge(partition, offset, Math::max);
        cachesWithGaps.forEach(cache -> batch.floor(cache, partition, offset));
        raiseGapsInNewCaches();
    }

    private void raiseGapsInNewCaches() {
        if (gaps.isEmpty()) {
            return;
        }
        for (String cache : tiers.names()) {
            if (cachesWithGaps.add(cache)) {
                gaps.forEach((partition, version) -> batch.floor(cache, partition, version));
            }
        }
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        failures.error("gap in the log: partition=" + partition + " next=" + next + ": " + reason
                + "; everything older in this partition is dropped from the out tier");
        batchEvents++;
        gap(partition, next - 1);
    }

    @Override
    public void onPosition(int partition, long next) {
        // The reader commits what it has handed over.
    }

    @Override
    public void wakeUp() {
        reader.wakeUp();
    }

    @Override
    public void onClose() {
        reader.close();
    }
}
