package io.g2cache.internal;

import io.g2cache.CacheStats;
import io.g2cache.spi.Agent;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recurring upkeep: deadlines of loads, expired entries, the log's end, the statistics in the log. Driven by one thread. */
final class Housekeeper implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger("io.g2cache.stats");

    private final Collection<CacheEngine<?, ?>> caches;
    private final Runnable log;
    private final TimeSource time;
    private final @Nullable Duration statsInterval;
    private final LimitedLog failures;
    private long statsDueNanos;

    /** The collection is a live view of the open caches; the log is asked what there is to ask. */
    Housekeeper(Collection<CacheEngine<?, ?>> caches, Runnable log, TimeSource time, @Nullable Duration statsInterval) {
        this.caches = caches;
        this.log = log;
        this.time = time;
        this.statsInterval = statsInterval;
        this.failures = new LimitedLog(LoggerFactory.getLogger(Housekeeper.class), time);
        this.statsDueNanos = time.monotonicNanos() + (statsInterval == null ? 0 : statsInterval.toNanos());
    }

    @Override
    public String name() {
        return "housekeeper";
    }

    @Override
    public int doWork(Duration maxWait) {
        caches.forEach(this::housekeeping);
        log.run();
        if (statsInterval != null && time.monotonicNanos() - statsDueNanos >= 0) {
            statsDueNanos = time.monotonicNanos() + statsInterval.toNanos();
            caches.forEach(cache -> logStats(cache.stats()));
        }
        return 0;
    }

    private void housekeeping(CacheEngine<?, ?> cache) {
        try {
            cache.upkeep().housekeeping();
        } catch (RuntimeException e) {
            failures.warn("upkeep of cache=" + cache.name() + " failed", e);
        }
    }

    private static void logStats(CacheStats stats) {
        LOG.info(
                "cache={} reads={} local={}% out={}% source={}% loads={} loadFailures={} evictions={} size={}",
                stats.cache(),
                stats.reads(),
                Math.round(100 * stats.localHitRate()),
                Math.round(100 * stats.outHitRate()),
                Math.round(100 * stats.sourceRate()),
                stats.loads(),
                stats.loadFailures(),
                stats.evictions(),
                stats.estimatedSize());
    }

    @Override
    public void wakeUp() {
        // Never waits.
    }

    @Override
    public void onClose() {
        // Holds nothing.
    }
}
