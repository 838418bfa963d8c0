package io.g2cache.internal;

import io.g2cache.CacheLoader;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.StatsRecorder.Tier;
import io.g2cache.spi.TimeSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A read after the hot path has missed: local tier, out tier, loader, fills. Asynchronous throughout; the executor handed
 * in decides in whose thread the steps and the loader run.
 *
 * <p>Thread-safe; nothing blocks but the user's loader.
 */
final class ReadPath<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(ReadPath.class);

    private final Tiers<K, V> tiers;
    private final FillPath<K, V> fills;
    private final LoadCoalescer<V> coalescer;
    private final LoadPlaces places;
    private final Workers workers;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final boolean copyOnRead;
    private final SourceRules<K, V> rules;

    ReadPath(
            Tiers<K, V> tiers,
            FillPath<K, V> fills,
            LoadCoalescer<V> coalescer,
            Workers workers,
            StatsRecorder stats,
            TimeSource time,
            boolean copyOnRead,
            SourceRules<K, V> rules) {
        this.tiers = tiers;
        this.fills = fills;
        this.coalescer = coalescer;
        this.places = rules.places();
        this.workers = workers;
        this.stats = stats;
        this.time = time;
        this.copyOnRead = copyOnRead;
        this.rules = rules;
    }

    /**
     * One read's question.
     *
     * @param key the key as the user gave it
     * @param encoded the key as bytes
     * @param lifetime lifetime of a loaded value
     * @param loader the source
     * @param fillFloor the fill floor of the key, taken before the out tier is read
     * @param aheadMillis for how much longer an entry must be before its soft deadline not to be refreshed
     */
    record Query<K, V>(
            K key,
            EncodedKey encoded,
            Lifetime lifetime,
            @Nullable CacheLoader<? super K, ? extends V> loader,
            long fillFloor,
            long aheadMillis) {
        Query<K, V> loadedBy(CacheLoader<? super K, ? extends V> other) {
            return new Query<>(key, encoded, lifetime, other, fillFloor, aheadMillis);
        }
    }

    /** Which out-tier values a load takes instead of calling the loader. */
    enum Accept {
        /** Every usable one. */
        USABLE,
        /** Only those before their soft deadline. */
        YOUNG,
        /** None. */
        NONE
    }

    /** Reads through all tiers. */
    CompletableFuture<Found<V>> read(Query<K, V> query, Executor executor) {
        Found<V> held = held(query);
        if (held != null) {
            return CompletableFuture.completedFuture(held);
        }
        if (query.loader == null) {
            return readOut(query, executor);
        }
        Throwable failed = coalescer.failedJustNow(query.encoded);
        if (failed != null) {
            return rules.patience().withoutLoad(query.encoded, failed);
        }
        LoadCoalescer.Joined<V> joined = coalescer.join(query.encoded);
        KeyLoad<V> load = joined.load();
        places.asked(load);
        if (!joined.isOwner()) {
            waits(executor, load);
            return joined(load, query, executor);
        }
        Executor where = executor;
        Found<V> meanwhile = filledMeanwhile(query, Accept.USABLE);
        if (meanwhile != null) {
            coalescer.complete(load, meanwhile);
        } else {
            try {
                where = rules.placeOf(executor, load.through());
                waits(executor, load);
                run(load, query, Accept.USABLE, where);
            } catch (LoadException e) {
                coalescer.fail(load, e);
            }
        }
        return answer(load, load.resultFor(where));
    }

    /** A call in whose thread its steps run waits for the load; where it must not, throws a {@link LoadException}. */
    static void waits(Executor callers, KeyLoad<?> load) {
        if (callers instanceof CallerExecutor caller) {
            caller.waitsFor(load);
        }
    }

    /**
     * The result of somebody else's load. Of another where that one's thread is interrupted, or where it took from the out tier what
     * this reader would not take from there any more, and events may be missing.
     */
    CompletableFuture<Found<V>> joined(KeyLoad<V> load, Query<K, V> query, Executor executor) {
        long now = time.wallMillis();
        CompletableFuture<Found<V>> result = load.result();
        CompletableFuture<Found<V>> answer = answer(load, copyOnRead ? result.thenApply(fills::copied) : result)
                .exceptionallyCompose(failure ->
                        load.wasInterrupted() ? again(query, executor) : CompletableFuture.failedFuture(failure));
        return coalescer.knowsAllEvents(now)
                ? answer
                : answer.thenCompose(found -> now < load.sharedUntilMillis()
                        ? CompletableFuture.completedFuture(found)
                        : again(query, executor));
    }

    private CompletableFuture<Found<V>> again(Query<K, V> query, Executor executor) {
        return CompletableFuture.completedFuture(query).thenComposeAsync(again -> read(again, executor), executor);
    }

    /** A load's result, or what a reader gets in its place. */
    CompletableFuture<Found<V>> answer(KeyLoad<V> load, CompletableFuture<Found<V>> result) {
        return rules.patience().answer(load.key(), result, !load.isOwnResult(result));
    }

    /** What the local tier answers, a known absence included; null if it cannot. Counts the hit or miss. */
    @Nullable
    Found<V> held(Query<K, V> query) {
        long now = time.wallMillis();
        LocalEntry<V> held = tiers.held(query.encoded, now);
        if (held == null) {
            stats.miss(Tier.LOCAL);
            return null;
        }
        stats.hit(Tier.LOCAL);
        if (now >= held.softDeadline()) {
            stats.count(Counter.STALE_HIT);
            refreshBehind(query, false);
        } else if (isObsolete(query, held.softDeadline(), now)) {
            refreshBehind(query, true);
        }
        return new Found<>(held.value(), null);
    }

    /** Whether it is time for this reader to have it refreshed. */
    private static boolean isObsolete(Query<?, ?> query, long softDeadline, long now) {
        return now + query.aheadMillis >= softDeadline;
    }

    /** What another load has left in the local tier between the caller's look there and the start of its own load. */
    @Nullable
    Found<V> filledMeanwhile(Query<K, V> query, Accept accept) {
        long now = time.wallMillis();
        LocalEntry<V> held = tiers.held(query.encoded, now);
        return held == null || (accept == Accept.YOUNG && isObsolete(query, held.softDeadline(), now))
                ? null
                : new Found<>(held.value(), null);
    }

    /** Loads again, whatever the tiers hold; nobody else joins. */
    CompletableFuture<Found<V>> refresh(Query<K, V> query, Executor executor) {
        KeyLoad<V> load = coalescer.startAlone(query.encoded);
        places.asked(load);
        Executor where = executor;
        try {
            where = rules.placeOf(executor, load.through());
            waits(executor, load);
            run(load, query, Accept.NONE, where);
        } catch (LoadException e) {
            coalescer.fail(load, e);
        }
        return load.resultFor(where);
    }

    private CompletableFuture<Found<V>> readOut(Query<K, V> query, Executor executor) {
        if (!tiers.out().isPresent()) {
            return CompletableFuture.completedFuture(Found.nothing());
        }
        return tiers.out()
                .read(query.encoded)
                .thenApplyAsync(
                        slot -> {
                            Found<V> found = outHit(query, slot, Accept.USABLE);
                            if (found == null) {
                                stats.miss(Tier.OUT);
                                tiers.out().healIfDead(query.encoded, slot);
                            }
                            return found == null ? Found.nothing() : found;
                        },
                        executor);
    }

    /** What the out tier answers; null if it cannot. Counts the hit. */
    @Nullable
    Found<V> outHit(Query<K, V> query, @Nullable OutSlot slot, Accept accept) {
        if (accept == Accept.NONE) {
            return null;
        }
        long youngMillis = accept == Accept.USABLE ? FillPath.ANY_AGE : time.wallMillis() + query.aheadMillis;
        Found<V> found = fills.accept(query.encoded, slot, youngMillis, 0, query.fillFloor);
        if (found != null) {
            stats.hit(Tier.OUT);
        }
        return found;
    }

    /** Counts an obsolete hit of the out tier, and refreshes it behind the caller's back. */
    void refreshIfObsolete(Query<K, V> query, Found<V> outHit) {
        Entry entry = outHit.entry();
        if (entry != null && time.wallMillis() >= entry.softDeadline()) {
            stats.count(Counter.STALE_HIT);
            refreshBehind(query, false);
        }
    }

    /** Refreshes an entry once, if nobody does so already, its last load has not failed just now, and there is room. */
    private void refreshBehind(Query<K, V> query, boolean isAhead) {
        if (query.loader == null
                || coalescer.isLoading(query.encoded)
                || coalescer.failedJustNow(query.encoded) != null) {
            return;
        }
        if (!places.hasRoom()) {
            stats.count(Counter.REFRESH_REJECTED);
            return;
        }
        Workers.Flow flow = workers.tryEnter(() -> stats.count(Counter.EXECUTOR_FULL));
        if (flow == null) {
            stats.count(Counter.REFRESH_REJECTED);
            return;
        }
        KeyLoad<V> load = coalescer.tryStart(query.encoded);
        if (load == null) {
            flow.end();
            return;
        }
        Found<V> meanwhile = filledMeanwhile(query, Accept.YOUNG);
        if (meanwhile != null) {
            coalescer.complete(load, meanwhile);
            flow.end();
            return;
        }
        var unused = load.through().whenComplete((found, failure) -> {
            flow.end();
            if (failure != null) {
                LOG.debug("refresh of {} failed", query.encoded, failure);
            }
        });
        if (flow.tryExecute(() -> run(load, query, Accept.YOUNG, flow))) {
            stats.count(Counter.REFRESH);
            if (isAhead) {
                stats.count(Counter.REFRESH_AHEAD);
            }
        } else {
            stats.count(Counter.REFRESH_REJECTED);
            coalescer.fail(load, new LoadException("the executor refused to refresh " + query.encoded));
        }
    }

    /** Runs a load to its end, whatever that is. */
    private void run(KeyLoad<V> load, Query<K, V> query, Accept accept, Executor executor) {
        CompletableFuture<Found<V>> flow;
        try {
            flow = flow(load, query, accept, executor);
        } catch (RuntimeException e) {
            coalescer.fail(load, e);
            return;
        }
        var unused = flow.whenComplete((found, failure) -> {
            if (failure == null) {
                coalescer.complete(load, found);
            } else {
                coalescer.fail(load, Failures.origin(failure));
            }
        });
    }

    private CompletableFuture<Found<V>> flow(KeyLoad<V> load, Query<K, V> query, Accept accept, Executor executor) {
        if (!tiers.out().isPresent()) {
            return CompletableFuture.completedFuture(load)
                    .thenComposeAsync(started -> loadAndFill(started, query, null), executor);
        }
        long trustedUntil = tiers.out().trustedUntilMillis(query.encoded);
        return tiers.out()
                .read(query.encoded)
                .thenComposeAsync(
                        seen -> {
                            Found<V> found = outHit(query, seen, accept);
                            if (found != null) {
                                tookOutHit(load, query, found, trustedUntil);
                                return CompletableFuture.completedFuture(found);
                            }
                            stats.miss(Tier.OUT);
                            return tiers.out()
                                    .lease(query.encoded, seen)
                                    .thenComposeAsync(
                                            lease -> {
                                                Found<V> meanwhile = lease == null || lease.equals(seen)
                                                        ? null
                                                        : outHit(query, lease, accept);
                                                if (meanwhile != null) {
                                                    tookOutHit(load, query, meanwhile, trustedUntil);
                                                    return CompletableFuture.completedFuture(meanwhile);
                                                }
                                                return loadInTurn(load, query, accept, lease, trustedUntil, executor);
                                            },
                                            executor);
                        },
                        executor);
    }

    private CompletableFuture<Found<V>> loadInTurn(
            KeyLoad<V> load,
            Query<K, V> query,
            Accept accept,
            @Nullable OutSlot lease,
            long trustedUntilMillis,
            Executor executor) {
        ClusterLoads<V> others = rules.others();
        if (others == null) {
            return loadAndFill(load, query, lease);
        }
        if (accept == Accept.NONE) {
            others.note(query.encoded, lease);
            return loadAndFill(load, query, lease);
        }
        return others.turn(query.encoded, lease, slot -> outHit(query, slot, accept), executor)
                .thenComposeAsync(
                        turn -> {
                            if (turn.found() == null) {
                                return loadAndFill(load, query, turn.lease());
                            }
                            load.foundInOutTier(trustedUntilMillis);
                            return CompletableFuture.completedFuture(turn.found());
                        },
                        executor);
    }

    /** The load ends with this hit. The key is free for a refresh only then. */
    private void tookOutHit(KeyLoad<V> load, Query<K, V> query, Found<V> outHit, long trustedUntilMillis) {
        load.foundInOutTier(trustedUntilMillis);
        var unused = load.result().thenAccept(found -> refreshIfObsolete(query, outHit));
    }

    private CompletableFuture<Found<V>> loadAndFill(KeyLoad<V> load, Query<K, V> query, @Nullable OutSlot lease) {
        LoadPlaces.Place place = places.enter(List.of(load));
        FillPath.Permit permit;
        V value;
        try {
            permit = fills.permit(query.encoded, lease);
            value = callLoader(load, query);
        } finally {
            place.leave();
        }
        return fills.store(query.key, query.encoded, permit, query.lifetime, value);
    }

    private @Nullable V callLoader(KeyLoad<V> load, Query<K, V> query) {
        CacheLoader<? super K, ? extends V> loader = query.loader;
        if (loader == null) {
            throw new IllegalStateException("a load without a loader");
        }
        long started = time.monotonicNanos();
        load.loaderRunsIn(Thread.currentThread());
        try {
            V value = loader.load(query.key);
            long nanos = time.monotonicNanos() - started;
            stats.loadSuccess(nanos);
            rules.ahead().loaded(nanos);
            return value;
        } catch (Throwable e) {
            stats.loadFailure(time.monotonicNanos() - started);
            load.loaderFailed(e);
            throw loaderFailed(query.encoded, e);
        } finally {
            load.loaderRunsIn(null);
        }
    }

    static LoadException loaderFailed(Object keys, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new LoadException("the loader of " + keys + " failed: " + failure, failure);
    }
}
