package io.g2cache.internal;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.CacheStats;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.internal.ReadPath.Query;
import io.g2cache.internal.WritePath.Write;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.StatsRecorder.Tier;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cache: checks what the user gives, takes the hot path, and else leads each call into its path, synchronously or not.
 * Thread-safe.
 */
final class CacheEngine<K, V> implements EventApplier.Target {
    /** Where expired entries are kept, a timer ends the waiting, and leaves time to look for one. */
    private static final Duration BACKSTOP = Duration.ofSeconds(5);

    private final CacheSpec<K, V> spec;
    private final CacheLife life;
    private final Tokens tokens;
    private final Calls calls;
    private final TimeSource time;
    private final KeyEncoder<K> keys;
    private final ValueEncoder<K, V> values;
    private final Deadlines deadlines;
    private final Tiers<K, V> tiers;
    private final ReadPath<K, V> reads;
    private final BulkReadPath<K, V> bulkReads;
    private final RefreshAhead refreshAhead;
    private final Duration longestWait;
    private final WritePath<K, V> writes;
    private final WarmRestart restart;
    private final LoadCoalescer<V> coalescer;
    private final CacheAudit<K, V> audit;
    private final CacheCounters stats;
    private final CacheUpkeep upkeep;
    private final Runnable refused;

    CacheEngine(CacheParts<K, V> parts) {
        spec = parts.spec();
        life = parts.life();
        tokens = parts.node().tokens();
        calls = new Calls(life, parts.node().workers(), parts.time());
        time = parts.time();
        keys = parts.keys();
        values = parts.values();
        deadlines = parts.deadlines();
        tiers = parts.tiers();
        reads = parts.reads();
        bulkReads = parts.bulkReads();
        refreshAhead = parts.ahead();
        longestWait = spec.failSafeFor().isZero()
                ? spec.loadTimeout()
                : spec.loadTimeout().plus(BACKSTOP);
        writes = parts.writes();
        restart = parts.restart();
        coalescer = parts.coalescer();
        audit = parts.audit();
        stats = parts.stats();
        upkeep = new CacheUpkeep(parts);
        refused = () -> stats.count(Counter.EXECUTOR_FULL);
    }

    CacheSpec<K, V> spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    public @Nullable V get(K key) {
        long ahead = refreshAhead.millis();
        V hot = hot(key, ahead);
        return hot != null ? hot : getSlowly(key, ahead, spec.lifetime(), spec.loader());
    }

    public @Nullable V get(K key, CacheLoader<? super K, ? extends V> loader) {
        long ahead = refreshAhead.millis();
        V hot = hot(key, ahead);
        return hot != null ? hot : getSlowly(key, ahead, spec.lifetime(), loader);
    }

    public @Nullable V get(K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader) {
        deadlines.require(lifetime);
        long ahead = refreshAhead.millis();
        V hot = hot(key, ahead);
        return hot != null ? hot : getSlowly(key, ahead, lifetime, loader);
    }

    public @Nullable V get(K key, WriteToken token, Duration timeout) {
        long deadline = time.monotonicNanos() + Durations.nanos(timeout);
        tokens.await(token, timeout);
        if (!restart.isUpToDate()) {
            restart.awaitUpToDate(Duration.ofNanos(Math.max(0, deadline - time.monotonicNanos())));
        }
        return get(key);
    }

    /** One volatile read for the node's state, one for the gate, which is shut where the cache is closed, then the local tier. */
    private @Nullable V hot(@Nullable K key, long aheadMillis) {
        life.requireNodeOpen();
        if (key == null) {
            keys.encode(null);
            return null;
        }
        V value = tiers.hot(key, time.wallMillis(), aheadMillis);
        if (value != null) {
            stats.hit(Tier.LOCAL);
        }
        return value;
    }

    private @Nullable V getSlowly(
            K key, long aheadMillis, Lifetime lifetime, @Nullable CacheLoader<? super K, ? extends V> loader) {
        Query<K, V> query = query(key, aheadMillis, lifetime, loader);
        return calls.await(longestWait, executor -> reads.read(query, executor)).value();
    }

    public Map<K, V> getAll(Collection<? extends K> wanted) {
        CacheLoader<? super K, ? extends V> loader = spec.loader();
        return readAll(wanted, loader == null ? null : new OneByOne<>(loader));
    }

    public Map<K, V> getAll(Collection<? extends K> wanted, BulkCacheLoader<K, V> loader) {
        return readAll(wanted, loader);
    }

    private Map<K, V> readAll(Collection<? extends K> wanted, @Nullable BulkCacheLoader<K, V> loader) {
        life.requireOpen();
        List<Query<K, V>> queries = queries(wanted);
        return calls.await(longestWait, executor -> bulkReads.read(queries, spec.lifetime(), loader, executor));
    }

    private Query<K, V> query(
            K key, long aheadMillis, Lifetime lifetime, @Nullable CacheLoader<? super K, ? extends V> loader) {
        EncodedKey encoded = keys.encode(key);
        return new Query<>(key, encoded, lifetime, loader, tiers.fillFloor(encoded), aheadMillis);
    }

    private List<Query<K, V>> queries(Collection<? extends K> wanted) {
        List<Query<K, V>> queries = new ArrayList<>(wanted.size());
        for (K key : wanted) {
            queries.add(query(key, refreshAhead.millis(), spec.lifetime(), spec.loader()));
        }
        return queries;
    }

    public @Nullable V refresh(K key) {
        CacheLoader<? super K, ? extends V> loader = spec.loader();
        if (loader == null) {
            throw new IllegalStateException("cache=" + name() + " has no loader in its specification");
        }
        return refresh(key, loader);
    }

    public @Nullable V refresh(K key, CacheLoader<? super K, ? extends V> loader) {
        life.requireOpen();
        Query<K, V> query = query(key, 0, spec.lifetime(), loader);
        return calls.await(spec.loadTimeout(), executor -> reads.refresh(query, executor))
                .value();
    }

    public WriteToken put(K key, V value) {
        return put(key, value, spec.lifetime());
    }

    public WriteToken put(K key, V value, Lifetime lifetime) {
        life.requireOpen();
        Write write = put(key, keys.encode(key), value, lifetime);
        return calls.awaitWrite(executor -> writes.write(write, executor));
    }

    private Write put(K key, EncodedKey encoded, V value, Lifetime lifetime) {
        deadlines.require(lifetime);
        Entry entry = deadlines.value(0, time.wallMillis(), lifetime, values.encode(key, value));
        return new Write(key, encoded, entry, spec.publish().carriesValues());
    }

    public WriteToken putAll(Map<? extends K, ? extends V> entries) {
        life.requireOpen();
        List<Write> all = puts(entries);
        return calls.awaitWrite(executor -> writes.writeAll(all, executor));
    }

    private List<Write> puts(Map<? extends K, ? extends V> entries) {
        List<Write> all = new ArrayList<>(entries.size());
        entries.forEach((key, value) -> all.add(put(key, keys.encode(key), value, spec.lifetime())));
        return all;
    }

    public WriteToken invalidate(K key) {
        life.requireOpen();
        Write write = invalidation(key);
        return calls.awaitWrite(executor -> writes.write(write, executor));
    }

    private Write invalidation(K key) {
        return new Write(key, keys.encode(key), Entry.tombstone(0), false);
    }

    public WriteToken invalidateAll(Collection<? extends K> unwanted) {
        life.requireOpen();
        List<Write> all = invalidations(unwanted);
        return calls.awaitWrite(executor -> writes.writeAll(all, executor));
    }

    private List<Write> invalidations(Collection<? extends K> unwanted) {
        Map<EncodedKey, Write> all = new LinkedHashMap<>();
        for (K key : unwanted) {
            Write write = invalidation(key);
            all.putIfAbsent(write.key(), write);
        }
        return List.copyOf(all.values());
    }

    public WriteToken clear() {
        life.requireOpen();
        return calls.awaitWrite(writes::clear);
    }

    public WriteToken invalidateTag(String tag) {
        life.requireOpen();
        String published = values.publishedTag(tag);
        return calls.awaitWrite(executor -> writes.invalidateTag(published, executor));
    }

    public CompletableFuture<@Nullable V> getAsync(K key) {
        return getAsync(key, () -> get(key), spec.lifetime(), spec.loader());
    }

    public CompletableFuture<@Nullable V> getAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        return getAsync(key, () -> get(key, loader), spec.lifetime(), loader);
    }

    public CompletableFuture<@Nullable V> getAsync(
            K key, Lifetime lifetime, CacheLoader<? super K, ? extends V> loader) {
        return getAsync(key, () -> get(key, lifetime, loader), lifetime, loader);
    }

    private CompletableFuture<@Nullable V> getAsync(
            K key,
            Supplier<@Nullable V> inCaller,
            Lifetime lifetime,
            @Nullable CacheLoader<? super K, ? extends V> loader) {
        return calls.<@Nullable V>start(() -> {
            deadlines.require(lifetime);
            long ahead = refreshAhead.millis();
            V hot = hot(key, ahead);
            if (hot != null) {
                return CompletableFuture.completedFuture(hot);
            }
            Query<K, V> query = query(key, ahead, lifetime, loader);
            return flow(inCaller, where -> reads.read(query, where), Found::value);
        });
    }

    public CompletableFuture<Map<K, V>> getAllAsync(Collection<? extends K> wanted, BulkCacheLoader<K, V> loader) {
        return calls.start(() -> {
            life.requireOpen();
            List<Query<K, V>> queries = queries(wanted);
            return flow(
                    () -> readAll(wanted, loader),
                    where -> bulkReads.read(queries, spec.lifetime(), loader, where),
                    found -> found);
        });
    }

    public CompletableFuture<@Nullable V> refreshAsync(K key, CacheLoader<? super K, ? extends V> loader) {
        return calls.<@Nullable V>start(() -> {
            life.requireOpen();
            Query<K, V> query = query(key, 0, spec.lifetime(), loader);
            return flow(() -> refresh(key, loader), where -> reads.refresh(query, where), Found::value);
        });
    }

    /** Runs a flow in the node's executor, or in the caller where that is full. */
    private <F, T extends @Nullable Object> CompletableFuture<T> flow(
            Supplier<T> inCaller, Function<Executor, CompletableFuture<F>> flow, Function<F, T> result) {
        CompletableFuture<T> started = calls.tryFlow(refused, flow, result);
        if (started != null) {
            return started;
        }
        stats.count(Counter.EXECUTOR_FULL);
        return CompletableFuture.completedFuture(inCaller.get());
    }

    public CompletableFuture<WriteToken> putAsync(K key, V value) {
        return putAsync(key, value, spec.lifetime());
    }

    public CompletableFuture<WriteToken> putAsync(K key, V value, Lifetime lifetime) {
        return calls.startWrite(() -> put(key, keys.encode(key), value, lifetime), writes::write);
    }

    public CompletableFuture<WriteToken> putAllAsync(Map<? extends K, ? extends V> entries) {
        return calls.startWrite(() -> puts(entries), writes::writeAll);
    }

    public CompletableFuture<WriteToken> invalidateAsync(K key) {
        return calls.startWrite(() -> invalidation(key), writes::write);
    }

    public CompletableFuture<WriteToken> invalidateAllAsync(Collection<? extends K> unwanted) {
        return calls.startWrite(() -> invalidations(unwanted), writes::writeAll);
    }

    public CompletableFuture<WriteToken> clearAsync() {
        return calls.startWrite(() -> this, (all, executor) -> writes.clear(executor));
    }

    public CompletableFuture<WriteToken> invalidateTagAsync(String tag) {
        return calls.startWrite(() -> values.publishedTag(tag), writes::invalidateTag);
    }

    public CacheStats stats() {
        return stats.snapshot(name(), tiers.local());
    }

    public long estimatedSize() {
        return tiers.local().estimatedSize();
    }

    @Override
    public void applyEvent(EncodedKey key, Entry entry) {
        audit.applied(key, tiers.applyTailed(key, takes(key, entry) ? entry : Entry.tombstone(entry.version())));
        coalescer.detach(key);
        tiers.out().heals().eventApplied(key, entry.version());
    }

    /** Whether the local tier takes what another node has put, or only drops what it holds. */
    private boolean takes(EncodedKey key, Entry entry) {
        return entry.isTombstone()
                || spec.publish() != PublishMode.VALUE_TO_HOLDERS
                || tiers.heldVersion(key) != RecentVersions.NONE;
    }

    @Override
    public void replayEvent(EncodedKey key, Entry entry) {
        tiers.applyLate(key, entry);
    }

    @Override
    public void applyLoaded(EncodedKey key, Entry entry) {
        tiers.applyLoaded(key, entry);
    }

    @Override
    public void applyClear() {
        coalescer.detachAll();
    }

    @Override
    public StatsRecorder counters() {
        return stats;
    }

    /** What the tiers hold, for auditors. */
    CacheAudit<K, V> audit() {
        return audit;
    }

    /** Its loads under way. */
    LoadCoalescer<V> loads() {
        return coalescer;
    }

    /** Its start, upkeep and end. */
    CacheUpkeep upkeep() {
        return upkeep;
    }

    /** Whether its tiers are not used any more. */
    boolean isRetired() {
        return tiers.isRetired();
    }
}
