package io.g2cache.internal;

import io.g2cache.BulkCacheLoader;
import io.g2cache.InvalidKeyException;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.internal.ReadPath.Accept;
import io.g2cache.internal.ReadPath.Query;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Tier;
import io.g2cache.spi.TimeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read of many keys: local tier, one bulk read of the out tier, one call of the loader for the keys that nobody else is
 * loading, fenced fills for each. Thread-safe; nothing blocks but the user's loader.
 */
final class BulkReadPath<K, V> {
    private final Tiers<K, V> tiers;
    private final FillPath<K, V> fills;
    private final ReadPath<K, V> single;
    private final LoadCoalescer<V> coalescer;
    private final LoadPlaces places;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final SourceRules<K, V> rules;
    private final Function<@Nullable K, EncodedKey> encoder;

    /**
     * A path beside that of single reads.
     *
     * @param encoder encodes a key, or throws {@link InvalidKeyException}
     */
    BulkReadPath(
            Tiers<K, V> tiers,
            FillPath<K, V> fills,
            ReadPath<K, V> single,
            LoadCoalescer<V> coalescer,
            StatsRecorder stats,
            TimeSource time,
            SourceRules<K, V> rules,
            Function<@Nullable K, EncodedKey> encoder) {
        this.tiers = tiers;
        this.fills = fills;
        this.single = single;
        this.coalescer = coalescer;
        this.places = rules.places();
        this.stats = stats;
        this.time = time;
        this.rules = rules;
        this.encoder = encoder;
    }

    /** Reads all keys; those without a value are left out of the result. */
    CompletableFuture<Map<K, V>> read(
            Collection<Query<K, V>> queries,
            Lifetime lifetime,
            @Nullable BulkCacheLoader<K, V> loader,
            Executor executor) {
        Map<EncodedKey, CompletableFuture<Found<V>>> results = new LinkedHashMap<>();
        Map<EncodedKey, Query<K, V>> open = new LinkedHashMap<>();
        Map<EncodedKey, K> keys = new LinkedHashMap<>();
        for (Query<K, V> query : queries) {
            if (keys.putIfAbsent(query.encoded(), query.key()) == null) {
                Found<V> held = single.held(query);
                results.put(query.encoded(), CompletableFuture.completedFuture(held == null ? Found.nothing() : held));
                if (held == null) {
                    open.put(query.encoded(), query);
                }
            }
        }
        if (open.isEmpty()) {
            return gather(keys, results);
        }
        boolean nested = LoadPlaces.isInLoader();
        return tiers.out()
                .readAll(new ArrayList<>(open.keySet()))
                .thenComposeAsync(
                        slots -> {
                            takeOutHits(open, slots, results);
                            if (loader != null && !open.isEmpty()) {
                                new Batch(lifetime, loader, nested, executor).start(open, slots, results);
                            }
                            return gather(keys, results);
                        },
                        executor);
    }

    private void takeOutHits(
            Map<EncodedKey, Query<K, V>> open,
            Map<EncodedKey, OutSlot> slots,
            Map<EncodedKey, CompletableFuture<Found<V>>> results) {
        open.values().removeIf(query -> {
            OutSlot slot = slots.get(query.encoded());
            Found<V> found = single.outHit(query, slot, Accept.USABLE);
            if (found != null) {
                results.put(query.encoded(), CompletableFuture.completedFuture(found));
                single.refreshIfObsolete(query, found);
            } else if (tiers.out().isPresent()) {
                stats.miss(Tier.OUT);
            }
            return found != null;
        });
    }

    private CompletableFuture<Map<K, V>> gather(
            Map<EncodedKey, K> keys, Map<EncodedKey, CompletableFuture<Found<V>>> results) {
        CompletableFuture<?>[] all = results.values().toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(all).thenApply(done -> {
            Map<K, V> values = new LinkedHashMap<>();
            results.forEach((encoded, result) -> {
                V value = result.join().value();
                K key = keys.get(encoded);
                if (value != null && key != null) {
                    values.put(key, value);
                }
            });
            return values;
        });
    }

    /** The keys that one call of the loader will load. Confined to the flow of its read. */
    private final class Batch {
        private final Lifetime lifetime;
        private final BulkCacheLoader<K, V> loader;
        private final boolean nested;
        private Executor executor;
        private final Map<KeyLoad<V>, K> own = new LinkedHashMap<>();

        Batch(Lifetime lifetime, BulkCacheLoader<K, V> loader, boolean nested, Executor executor) {
            this.lifetime = lifetime;
            this.loader = loader;
            this.nested = nested;
            this.executor = executor;
        }

        void start(
                Map<EncodedKey, Query<K, V>> open,
                Map<EncodedKey, OutSlot> slots,
                Map<EncodedKey, CompletableFuture<Found<V>>> results) {
            try {
                open.forEach((encoded, query) -> {
                    Throwable failed = coalescer.failedJustNow(encoded);
                    if (failed != null) {
                        results.put(encoded, rules.patience().withoutLoad(encoded, failed));
                        return;
                    }
                    LoadCoalescer.Joined<V> joined = coalescer.join(encoded);
                    if (nested) {
                        places.hurry(joined.load());
                    }
                    if (joined.isOwner()) {
                        Found<V> meanwhile = single.filledMeanwhile(query, Accept.USABLE);
                        if (meanwhile != null) {
                            coalescer.complete(joined.load(), meanwhile);
                        } else {
                            own.put(joined.load(), query.key());
                        }
                        results.put(encoded, joined.load().result());
                    } else {
                        ReadPath.waits(executor, joined.load());
                        results.put(encoded, single.joined(joined.load(), alone(query), executor));
                    }
                });
                if (!own.isEmpty()) {
                    place(results);
                }
            } catch (RuntimeException e) {
                own.keySet().forEach(load -> coalescer.fail(load, e));
                throw e;
            }
            if (!own.isEmpty()) {
                leaseAll(slots);
            }
        }

        /** Where the loader runs decides what its caller waits for; where it may not run, that gets what is kept. */
        private void place(Map<EncodedKey, CompletableFuture<Found<V>>> results) {
            List<KeyLoad<V>> loads = List.copyOf(own.keySet());
            try {
                loads.forEach(load -> ReadPath.waits(executor, load));
                executor = rules.placeOf(
                        executor,
                        CompletableFuture.allOf(
                                loads.stream().map(KeyLoad::through).toArray(CompletableFuture[]::new)));
            } catch (LoadException e) {
                loads.forEach(load -> coalescer.fail(load, e));
                own.clear();
            }
            loads.forEach(load -> results.put(load.key(), single.answer(load, load.resultFor(executor))));
        }

        private void leaseAll(Map<EncodedKey, OutSlot> slots) {
            Map<KeyLoad<V>, CompletableFuture<@Nullable OutSlot>> leases = new LinkedHashMap<>();
            own.keySet().forEach(load -> leases.put(load, lease(load.key(), slots.get(load.key()))));
            var unused = CompletableFuture.allOf(leases.values().toArray(CompletableFuture[]::new))
                    .thenRunAsync(() -> load(leases), executor)
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            Throwable cause = Failures.origin(failure);
                            own.keySet().forEach(load -> coalescer.fail(load, cause));
                        }
                    });
        }

        private CompletableFuture<@Nullable OutSlot> lease(EncodedKey key, @Nullable OutSlot seen) {
            ClusterLoads<V> others = rules.others();
            CompletableFuture<@Nullable OutSlot> lease = tiers.out().lease(key, seen);
            return others == null ? lease : lease.whenComplete((slot, failure) -> others.note(key, slot));
        }

        private void load(Map<KeyLoad<V>, CompletableFuture<@Nullable OutSlot>> leases) {
            Map<KeyLoad<V>, FillPath.Permit> permits = new LinkedHashMap<>();
            Map<EncodedKey, V> values;
            LoadPlaces.Place place = places.enter(own.keySet());
            try {
                leases.forEach((load, lease) -> permits.put(load, fills.permit(load.key(), lease.join())));
                values = callLoader();
            } finally {
                place.leave();
            }
            own.forEach((load, key) -> {
                FillPath.Permit permit = Objects.requireNonNull(permits.get(load));
                V value = values.get(load.key());
                var unused = fills.store(key, load.key(), permit, lifetime, value)
                        .whenComplete((found, failure) -> {
                            if (failure == null) {
                                coalescer.complete(load, found);
                            } else {
                                coalescer.fail(load, failure);
                            }
                        });
            });
        }

        /** The question for a key that another load may leave to this caller. */
        private Query<K, V> alone(Query<K, V> query) {
            return loader instanceof OneByOne
                    ? query
                    : query.loadedBy(key -> loader.loadAll(Set.of(key)).get(key));
        }

        private Map<EncodedKey, V> callLoader() {
            long started = time.monotonicNanos();
            own.keySet().forEach(load -> load.loaderRunsIn(Thread.currentThread()));
            try {
                Map<EncodedKey, V> wanted =
                        wanted(loader.loadAll(Collections.unmodifiableSet(new LinkedHashSet<>(own.values()))));
                stats.loadSuccess(time.monotonicNanos() - started);
                return wanted;
            } catch (Throwable e) {
                stats.loadFailure(time.monotonicNanos() - started);
                own.forEach((load, key) -> {
                    if (!(loader instanceof OneByOne<K, V> each) || each.isLast(key)) {
                        load.loaderFailed(e);
                    }
                });
                throw ReadPath.loaderFailed(own.size() + " keys", e);
            } finally {
                own.keySet().forEach(load -> load.loaderRunsIn(null));
            }
        }

        /** What was loaded for this batch: found by the very keys that were given, or by keys of equal bytes. */
        private Map<EncodedKey, V> wanted(Map<K, V> loaded) {
            Map<EncodedKey, V> wanted = new HashMap<>();
            own.forEach((load, key) -> {
                V value = loaded.get(key);
                if (value != null) {
                    wanted.put(load.key(), value);
                }
            });
            if (wanted.size() < own.size()) {
                loaded.forEach((key, value) -> {
                    EncodedKey encoded = value == null ? null : encoded(key);
                    if (encoded != null) {
                        wanted.putIfAbsent(encoded, value);
                    }
                });
            }
            return wanted;
        }

        /** Null for what cannot be a key: nobody has asked for it. */
        private @Nullable EncodedKey encoded(@Nullable K key) {
            try {
                return encoder.apply(key);
            } catch (InvalidKeyException e) {
                return null;
            }
        }
    }
}
