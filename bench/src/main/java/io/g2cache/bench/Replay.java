package io.g2cache.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.TimeSource;
import io.g2cache.spi.ValueFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Replays a trace on a cache of some entries: a key that is not found is stored. Each method gives the hits in percent. */
final class Replay {
    private static final String CACHE = "replay";

    private Replay() {}

    private static double percent(long hits, Trace trace) {
        return 100.0 * hits / trace.keys().length;
    }

    /** The library itself, on one thread. */
    static double caffeine(Trace trace, int capacity) {
        Cache<Integer, Integer> cache = Caffeine.newBuilder()
                .maximumSize(capacity)
                .executor(Runnable::run)
                .build();
        long hits = 0;
        for (Integer key : trace.keys()) {
            if (cache.getIfPresent(key) != null) {
                hits++;
            } else {
                cache.put(key, key);
            }
        }
        return percent(hits, trace);
    }

    /** What was used last stays. */
    static double leastRecentlyUsed(Trace trace, int capacity) {
        Map<Integer, Integer> order = new LinkedHashMap<>(16, 0.75f, true);
        long hits = 0;
        for (Integer key : trace.keys()) {
            if (order.put(key, key) != null) {
                hits++;
            } else if (order.size() > capacity) {
                order.remove(order.keySet().iterator().next());
            }
        }
        return percent(hits, trace);
    }

    /**
     * The most hits there can be, by knowing the future (Belady: "A study of replacement algorithms for a virtual-storage
     * computer", 1966): held are the keys whose next accesses come first; an access that is among them is a hit.
     */
    static double optimum(Trace trace, int capacity) {
        int[] next = trace.nextAccesses();
        PlaceSet held = new PlaceSet(next.length + 1);
        int count = 0;
        long hits = 0;
        for (int i = 0; i < next.length; i++) {
            if (held.contains(i)) {
                held.remove(i);
                count--;
                hits++;
            }
            if (next[i] < next.length) {
                held.add(next[i]);
                count++;
                if (count > capacity) {
                    held.remove(held.last());
                    count--;
                }
            }
        }
        return percent(hits, trace);
    }

    /** Our tier off the heap, with as many segments as it chooses itself. */
    static double ours(Trace trace, int capacity) {
        ValueFormat<Long> format = new ValueFormat<>(Codecs.int64());
        KeySpace keySpace = new KeySpace(CACHE, 1);
        byte[] value = format.encode(1L);
        long now = TimeSource.SYSTEM.wallMillis();
        long deadline = now + TimeUnit.DAYS.toMillis(1);
        Entry entry = Entry.value(0, deadline, deadline, value);
        LocalCacheProvider provider = ChronicleLocal.builder().build();
        long hits = 0;
        try (LocalCache<Long, Long> tier = provider.open(new LocalContext<>(
                CACHE,
                keySpace,
                Codecs.int64(),
                format,
                Floors.NONE,
                capacity,
                Long.BYTES + value.length,
                value.length,
                false,
                "replay",
                TimeSource.SYSTEM))) {
            for (long key : trace.keys()) {
                if (tier.get(key, now) != null) {
                    hits++;
                } else {
                    tier.fill(keySpace.key(Codecs.int64().encode(key)), entry, Admission.ALWAYS);
                }
            }
        } finally {
            provider.close();
        }
        return percent(hits, trace);
    }
}
