package io.g2cache.internal;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An out tier whose calls are written down, and end at once, or when the test says so. Used by one thread. */
final class ScriptedOut implements OutCacheProvider {
    final Queue<Call<?>> calls = new ArrayDeque<>();
    final List<String> started = new ArrayList<>();
    final Map<String, Map<EncodedKey, Entry>> entries = new HashMap<>();
    final Map<EncodedKey, Source> sources = new HashMap<>();
    final Map<EncodedKey, Entry> overtaking = new HashMap<>();
    final Map<String, Long> floors = new TreeMap<>();
    final Map<Integer, OutProgress> progress = new HashMap<>();
    final List<String> closed = new ArrayList<>();
    boolean answersLater;
    boolean fails;
    boolean failsToClose;

    /** A call under way. */
    record Call<T>(String what, CompletableFuture<T> future, Supplier<T> effect) {
        void end() {
            future.complete(effect.get());
        }
    }

    private <T> CompletableFuture<T> call(String what, Supplier<T> effect) {
        started.add(what);
        Call<T> call = new Call<>(what, new CompletableFuture<>(), effect);
        if (fails) {
            call.future.completeExceptionally(new TierException("a test"));
        } else if (answersLater) {
            calls.add(call);
        } else {
            call.end();
        }
        return call.future;
    }

    /** Ends the calls that are under way now. */
    void endAll() {
        for (Call<?> call : List.copyOf(calls)) {
            calls.remove(call);
            call.end();
        }
    }

    /** How many calls with this beginning were started. */
    long count(String beginning) {
        return started.stream().filter(what -> what.startsWith(beginning)).count();
    }

    Map<EncodedKey, Entry> entries(String cache) {
        return entries.computeIfAbsent(cache, name -> new HashMap<>());
    }

    private Map<Integer, Long> floors(String cache) {
        Map<Integer, Long> own = new TreeMap<>();
        floors.forEach((name, version) -> {
            if (name.startsWith(cache + "/")) {
                own.put(Integer.valueOf(name.substring(cache.length() + 1)), version);
            }
        });
        return own;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public OutCache open(OutContext context) {
        return new Cache(context.cache());
    }

    @Override
    public OutLedger ledger(OutContext context, OutDoubts doubts) {
        return new Ledger();
    }

    @Override
    public void close() {}

    private CompletableFuture<Void> raise(String cache, int number, long version) {
        return call("floor " + cache + "/" + number + "@" + version, () -> {
            floors.merge(cache + "/" + number, version, Math::max);
            return null;
        });
    }

    private final class Ledger implements OutLedger {
        @Override
        public CompletableFuture<Map<Integer, OutProgress>> progress() {
            return call("progress", () -> Map.copyOf(progress));
        }

        @Override
        public CompletableFuture<Boolean> publish(int partition, @Nullable OutProgress known, OutProgress next) {
            return call(
                    "publish " + partition + "@" + next.committed(),
                    () -> known == null
                            ? progress.putIfAbsent(partition, next) == null
                            : progress.replace(partition, known, next));
        }

        @Override
        public CompletableFuture<Map<Integer, Long>> floors() {
            return CompletableFuture.completedFuture(ScriptedOut.this.floors(""));
        }

        @Override
        public CompletableFuture<Void> raiseFloor(int number, long version) {
            return raise("", number, version);
        }

        @Override
        public void close() {
            closed.add("ledger");
        }
    }

    private final class Cache implements OutCache {
        private final String cache;

        Cache(String cache) {
            this.cache = cache;
        }

        @Override
        public CompletableFuture<OutSlot> read(EncodedKey key) {
            return CompletableFuture.failedFuture(new TierException("not read one by one by the materialiser"));
        }

        @Override
        public CompletableFuture<Map<EncodedKey, OutSlot>> readAll(Collection<EncodedKey> keys) {
            List<EncodedKey> wanted = List.copyOf(keys);
            return call("read " + cache + " " + wanted.size(), () -> {
                Map<EncodedKey, OutSlot> slots = new HashMap<>();
                wanted.forEach(key -> {
                    Entry held = entries(cache).get(key);
                    slots.put(
                            key,
                            held == null
                                    ? OutSlot.EMPTY
                                    : OutSlot.entry(held, sources.getOrDefault(key, Source.EVENT), held));
                });
                return slots;
            });
        }

        @Override
        public CompletableFuture<OutSlot> lease(EncodedKey key) {
            return CompletableFuture.failedFuture(new TierException("not leased by the materialiser"));
        }

        @Override
        public CompletableFuture<Boolean> fill(EncodedKey key, OutSlot lease, Entry entry) {
            return CompletableFuture.failedFuture(new TierException("not filled by the materialiser"));
        }

        @Override
        public CompletableFuture<Boolean> apply(EncodedKey key, Entry entry) {
            return apply(key, entry, Source.EVENT);
        }

        @Override
        public CompletableFuture<Boolean> applyEarly(EncodedKey key, Entry entry) {
            return apply(key, entry, Source.EARLY);
        }

        private CompletableFuture<Boolean> apply(EncodedKey key, Entry entry, Source source) {
            return call("apply " + cache + "@" + entry.version(), () -> {
                Entry first = overtaking.remove(key);
                if (first != null) {
                    entries(cache).put(key, first);
                    sources.put(key, Source.EARLY);
                    return false;
                }
                entries(cache).put(key, entry);
                sources.put(key, source);
                return true;
            });
        }

        @Override
        public CompletableFuture<Boolean> confirm(EncodedKey key, OutSlot slot) {
            return call("confirm " + cache + "@" + slot.version(), () -> sources.remove(key, Source.EARLY));
        }

        @Override
        public CompletableFuture<Map<Integer, Long>> floors() {
            return CompletableFuture.completedFuture(ScriptedOut.this.floors(cache));
        }

        @Override
        public CompletableFuture<Void> raiseFloor(int number, long version) {
            return raise(cache, number, version);
        }

        @Override
        public void close() {
            closed.add(cache);
            if (failsToClose) {
                throw new TierException("a test");
            }
        }
    }
}
