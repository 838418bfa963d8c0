package io.g2cache.internal;

import io.g2cache.CacheStats;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.StatsRecorder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts for one cache and passes everything on to the user's recorder, if any. Thread-safe. */
final class CacheCounters implements StatsRecorder {
    private final StatsRecorder users;
    private final LongAdder localHits = new LongAdder();
    private final LongAdder localMisses = new LongAdder();
    private final LongAdder outHits = new LongAdder();
    private final LongAdder outMisses = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder loadFailures = new LongAdder();
    private final LongAdder loadNanos = new LongAdder();
    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);

    CacheCounters(StatsRecorder users) {
        this.users = users;
        for (Counter counter : Counter.values()) {
            counters.put(counter, new LongAdder());
        }
    }

    @Override
    public void hit(Tier tier) {
        (tier == Tier.LOCAL ? localHits : outHits).increment();
        users.hit(tier);
    }

    @Override
    public void miss(Tier tier) {
        (tier == Tier.LOCAL ? localMisses : outMisses).increment();
        users.miss(tier);
    }

    @Override
    public void loadSuccess(long nanos) {
        loads.increment();
        loadNanos.add(nanos);
        users.loadSuccess(nanos);
    }

    @Override
    public void loadFailure(long nanos) {
        loadFailures.increment();
        loadNanos.add(nanos);
        users.loadFailure(nanos);
    }

    @Override
    public void count(Counter counter) {
        adder(counter).increment();
        users.count(counter);
    }

    private LongAdder adder(Counter counter) {
        return Objects.requireNonNull(counters.get(counter));
    }

    CacheStats snapshot(String cache, LocalCache<?, ?> local) {
        Map<String, Long> others = new TreeMap<>();
        for (Counter counter : Counter.values()) {
            others.put(counter.name().toLowerCase(Locale.ROOT), adder(counter).sum());
        }
        return new CacheStats(
                cache,
                localHits.sum(),
                localMisses.sum(),
                outHits.sum(),
                outMisses.sum(),
                loads.sum(),
                loadFailures.sum(),
                loadNanos.sum(),
                local.evictions(),
                local.estimatedSize(),
                others);
    }
}
