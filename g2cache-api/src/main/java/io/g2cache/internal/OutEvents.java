package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.Tags;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log's events mean for the out tier. An event whose key is not known is a gap: it kills the partition's older
 * entries of every cache, by a floor in the ledger. Used by one thread.
 */
final class OutEvents implements LogHandler {
    private final int partitions;
    private final OutBatch batch;
    private final LimitedLog failures;
    private final Map<String, KeySpace> keySpaces = new HashMap<>();
    private final Map<String, Integer> byCache = new HashMap<>();
    private int events;

    OutEvents(int partitions, OutBatch batch, LimitedLog failures) {
        this.partitions = partitions;
        this.batch = batch;
        this.failures = failures;
    }

    /** How many were handed over since {@link #clear}. */
    int count() {
        return events;
    }

    /** The same by cache, of those that concern one. */
    Map<String, Integer> countByCache() {
        return byCache;
    }

    /** Counts from zero again. */
    void clear() {
        events = 0;
        byCache.clear();
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        events++;
        if (event instanceof Event.Put put) {
            add(partition, offset, put.cache(), put.key(), put.entry().withVersion(offset));
        } else if (event instanceof Event.Invalidate invalidate) {
            add(partition, offset, invalidate.cache(), invalidate.key(), Entry.tombstone(offset));
        } else if (event instanceof Event.Clear clear) {
            floor(partition, offset, clear.cache(), partition);
        } else if (event instanceof Event.Tag tag) {
            floor(partition, offset, tag.cache(), Tags.floorNumber(partition, Tags.hash(tag.tag())));
        } else if (event instanceof Event.Unreadable unreadable) {
            add(partition, offset, unreadable);
        }
    }

    private void floor(int partition, long offset, String cache, int number) {
        if (keySpace(partition, offset, cache) != null) {
            batch.floor(cache, number, offset);
            byCache.merge(cache, 1, Integer::sum);
        }
    }

    /** Null, and a gap, where so many caches are in the log that this one is not materialised. */
    private @Nullable KeySpace keySpace(int partition, long offset, String cache) {
        KeySpace known = keySpaces.get(cache);
        if (known == null && keySpaces.size() < FloorsByCache.MOST_NOT_OPEN) {
            known = new KeySpace(cache, partitions);
            keySpaces.put(cache, known);
        }
        if (known == null) {
            failures.error("more than " + FloorsByCache.MOST_NOT_OPEN + " caches are in the log, cache=" + cache
                    + " in partition=" + partition + " offset=" + offset + " is one more: everything older is dropped");
            gap(partition, offset);
        }
        return known;
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
        KeySpace space = keySpace(partition, offset, cache);
        if (space == null) {
            return;
        }
        EncodedKey key = space.key(bytes);
        if (key.partition() == partition) {
            batch.entry(cache, key, entry);
            byCache.merge(cache, 1, Integer::sum);
        } else {
            failures.error(key + " of cache=" + cache + " was found in partition=" + partition + " offset=" + offset);
            gap(partition, offset);
        }
    }

    private void gap(int partition, long version) {
        batch.floorOfAll(partition, version);
    }

    @Override
    public void onGap(int partition, long next, String reason) {
        failures.error("gap in the log: partition=" + partition + " next=" + next + ": " + reason
                + "; everything older in this partition is dropped from the out tier");
        events++;
        gap(partition, next - 1);
    }

    @Override
    public void onPosition(int partition, long next) {
        // Whoever reads keeps the position.
    }
}
