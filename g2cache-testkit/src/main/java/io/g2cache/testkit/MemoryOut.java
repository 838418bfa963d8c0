package io.g2cache.testkit;

import io.g2cache.TierException;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.OutSlot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reference out tier: a map on the heap. The providers of one {@link Store} are nodes that share their data.
 *
 * <p>Thread-safe. It has no threads: every call takes effect where the executor of the context runs it, so that a test that
 * drives the executor drives the tier. It has no doubts of its own; a test tells of them.
 */
public final class MemoryOut implements OutCacheProvider {
    private volatile Store store;
    private final Set<OutDoubts> listeners = ConcurrentHashMap.newKeySet();

    /** A node of the given store. */
    public MemoryOut(Store store) {
        this.store = store;
    }

    /** The shared data. Thread-safe. */
    public static final class Store {
        private final ConcurrentMap<String, Tables> caches = new ConcurrentHashMap<>();

        /** Creates an empty store. */
        public Store() {}

        Tables tables(OutContext context) {
            String name = context.namespace() + '|' + context.cache() + '|' + context.generation();
            return caches.computeIfAbsent(name, n -> new Tables());
        }

        /**
         * Puts an entry over whatever is held, against all rules, as a cluster does that has been split.
         *
         * @throws IllegalArgumentException if no node has opened the cache
         */
        public void bringBack(String cache, EncodedKey key, Entry entry) {
            of(cache)
                    .forEach(tables -> tables.cells.put(
                            key, new MemoryOutCache.Cell(entry, OutSlot.Source.EVENT, Long.MAX_VALUE)));
        }

        /**
         * The entry that is held, as it lies there; null if none is.
         *
         * @throws IllegalArgumentException if no node has opened the cache
         */
        public @Nullable Entry held(String cache, EncodedKey key) {
            for (Tables tables : of(cache)) {
                MemoryOutCache.Cell cell = tables.cells.get(key);
                if (cell != null) {
                    return cell.entry;
                }
            }
            return null;
        }

        private List<Tables> of(String cache) {
            List<Tables> found = caches.entrySet().stream()
                    .filter(tables -> tables.getKey().contains('|' + cache + '|'))
                    .map(Map.Entry::getValue)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("cache=" + cache + " is not open");
            }
            return found;
        }

        /** Loses everything, floors included, as a cluster does whose members have all been restarted. */
        public void loseEverything() {
            caches.values().forEach(Tables::clear);
        }

        /** A store of the same content, as each half of a cluster has it that splits. */
        public Store copy() {
            Store copy = new Store();
            copy.become(this);
            return copy;
        }

        /** Gets back the entries that it had once, as a cluster does that loses its newest writes; the ledger stays. */
        public void resurrectEntries(Store before) {
            before.caches.forEach((name, tables) ->
                    caches.computeIfAbsent(name, n -> new Tables()).cells.putAll(tables.cells));
        }

        /** Takes over the content of another store, with whatever that had lost or still has. Not atomic. */
        public void become(Store other) {
            caches.values().forEach(Tables::clear);
            other.caches.forEach((name, tables) ->
                    caches.computeIfAbsent(name, n -> new Tables()).addAll(tables));
        }
    }

    /** The data of one cache, or of the ledger, which is that of no cache. */
    static final class Tables {
        final ConcurrentMap<EncodedKey, MemoryOutCache.Cell> cells = new ConcurrentHashMap<>();
        final ConcurrentMap<Integer, Long> floors = new ConcurrentHashMap<>();
        final ConcurrentMap<Integer, OutProgress> progress = new ConcurrentHashMap<>();

        void clear() {
            cells.clear();
            floors.clear();
            progress.clear();
        }

        void addAll(Tables other) {
            cells.putAll(other.cells);
            floors.putAll(other.floors);
            progress.putAll(other.progress);
        }
    }

    /** Lets a call take effect where the executor of the context runs it. */
    static <T> CompletableFuture<T> call(OutContext context, Supplier<T> step) {
        try {
            return CompletableFuture.supplyAsync(step, context.executor());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new TierException("cache=" + context.cache() + ": the executor refused the call", e));
        }
    }

    /** Uses another store from now on, as a node does whose half of the cluster has lost. Tells nobody. */
    public void connect(Store other) {
        store = other;
    }

    /** Tells the nodes of this provider that the tier is in doubt. */
    public void doubt(long sinceMillis, String reason) {
        listeners.forEach(listener -> listener.doubt(sinceMillis, reason));
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public MemoryOutCache open(OutContext context) {
        return new MemoryOutCache(() -> store.tables(context), context);
    }

    @Override
    public MemoryOutLedger ledger(OutContext context, OutDoubts doubts) {
        listeners.add(doubts);
        return new MemoryOutLedger(() -> store.tables(context), context, () -> listeners.remove(doubts));
    }

    @Override
    public void close() {}
}
