package io.g2cache.internal;

import io.g2cache.TierException;
import io.g2cache.spi.Agent;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.OutCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the events of this node's share of the partitions to the out tier, in case their writer died in between, and
 * commits afterwards. A batch that the out tier did not take whole ends the cycle with an exception, and the next one applies
 * it again; nothing is committed before.
 *
 * <p>Concurrency: driven by one thread; {@code wakeUp} and {@code materialised} from any.
 */
final class Materialiser implements Agent, LogHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Materialiser.class);

    private final LogReader reader;
    private final OutTiers tiers;
    private final int partitions;
    private final Map<String, KeySpace> keySpaces = new HashMap<>();
    private final AtomicLong materialised = new AtomicLong();
    private final Map<CacheKey, Entry> entries = new HashMap<>();
    private final Map<CachePartition, Long> floors = new HashMap<>();
    private int batchEvents;
    private @Nullable CompletableFuture<?> applying;

    private record CacheKey(String cache, EncodedKey key) {}

    private record CachePartition(String cache, int partition) {}

    Materialiser(LogReader reader, OutTiers tiers, int partitions) {
        this.reader = reader;
        this.tiers = tiers;
        this.partitions = partitions;
    }

    @Override
    public String name() {
        return "materialiser";
    }

    /** Events applied and committed since the start. */
    long materialised() {
        return materialised.get();
    }

    @Override
    public int doWork(Duration maxWait) {
        if (applying == null) {
            if (batchEvents == 0) {
                reader.poll(maxWait, this);
            }
            if (batchEvents == 0) {
                return 0;
            }
            applying = apply();
        }
        return isApplied(applying, maxWait) ? commit() : 0;
    }

    private int commit() {
        reader.commit();
        int done = batchEvents;
        materialised.addAndGet(done);
        applying = null;
        entries.clear();
        floors.clear();
        batchEvents = 0;
        return done;
    }

    private boolean isApplied(CompletableFuture<?> batch, Duration maxWait) {
        try {
            batch.get(maxWait.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            applying = null;
            throw new TierException("the out tier did not take a batch of " + batchEvents + " events", e);
        }
    }

    private CompletableFuture<?> apply() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        entries.forEach((at, entry) -> all.add(tier(at.cache).apply(at.key, entry)));
        floors.forEach((at, version) -> all.add(tier(at.cache).raiseFloor(at.partition, version)));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private OutCache tier(String cache) {
        return tiers.open(cache);
    }

    @Override
    public void onEvent(int partition, long offset, Event event) {
        batchEvents++;
        if (event instanceof Event.Put put) {
            add(partition, put.cache(), put.key(), put.entry().withVersion(offset));
        } else if (event instanceof Event.Invalidate invalidate) {
            add(partition, invalidate.cache(), invalidate.key(), Entry.tombstone(offset));
        } else if (event instanceof Event.Clear clear) {
            floors.merge(new CachePartition(clear.cache(), partition), offset, Math::max);
        } else if (event instanceof Event.Unreadable unreadable) {
            add(partition, offset, unreadable);
        }
    }

    private void add(int partition, long offset, Event.Unreadable unreadable) {
        String cache = unreadable.cache();
        byte[] key = unreadable.key();
        if (cache != null && key != null) {
            add(partition, cache, key, Entry.tombstone(offset));
        } else {
            tiers.names().forEach(name -> floors.merge(new CachePartition(name, partition), offset, Math::max));
        }
    }

    private void add(int partition, String cache, byte[] bytes, Entry entry) {
        EncodedKey key = keySpaces
                .computeIfAbsent(cache, name -> new KeySpace(name, partitions))
                .key(bytes);
        if (key.partition() == partition) {
            entries.put(new CacheKey(cache, key), entry);
        } else {
            LOG.error("{} of cache={} was found in partition={}", key, cache, partition);
        }
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
