package io.g2cache.testkit;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The reference out tier: a map on the heap. The providers of one {@link Store} are nodes that share their data.
 *
 * <p>Thread-safe. It has no threads: every call takes effect where the executor of the context runs it, so that a test that
 * drives the executor drives the tier.
 */
public final class MemoryOut implements OutCacheProvider {
    private final Store store;

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
            List<Tables> found = caches.entrySet().stream()
                    .filter(tables -> tables.getKey().contains('|' + cache + '|'))
                    .map(Map.Entry::getValue)
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("cache=" + cache + " is not open");
            }
            found.forEach(tables -> tables.cells.put(key, new MemoryOutCache.Cell(entry, Long.MAX_VALUE)));
        }

        /** Loses everything, floors included, as a cluster does whose members have all been restarted. */
        public void loseEverything() {
            caches.values().forEach(tables -> {
                tables.cells.clear();
                tables.floors.clear();
            });
        }
    }

    /** The data of one cache. */
    static final class Tables {
        final ConcurrentMap<EncodedKey, MemoryOutCache.Cell> cells = new ConcurrentHashMap<>();
        final ConcurrentMap<Integer, Long> floors = new ConcurrentHashMap<>();
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public MemoryOutCache open(OutContext context) {
        return new MemoryOutCache(store.tables(context), context);
    }

    @Override
    public void close() {}
}
