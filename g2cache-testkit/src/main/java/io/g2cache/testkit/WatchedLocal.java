package io.g2cache.testkit;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A local tier that notes when an entry older than an event, of which the tier was told before, is stored. Thread-safe: what
 * is known is looked up before the store, so that an event which arrives meanwhile is no reason to complain.
 */
final class WatchedLocal implements LocalCacheProvider {
    private final LocalCacheProvider provider;
    private final ConcurrentMap<String, Watched<?, ?>> open = new ConcurrentHashMap<>();
    private final Hearing hearing;
    private volatile Runnable beforeFill = () -> {};
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** Complains only of events that the node has heard of: a replay may be ahead of the tail, and behind the node's own writes. */
    WatchedLocal(LocalCacheProvider provider, Hearing hearing) {
        this.provider = provider;
        this.hearing = hearing;
    }

    /** What the node has heard of. */
    @FunctionalInterface
    interface Hearing {
        /** Whether it must know this event. */
        boolean hasHeard(int partition, long offset);
    }

    /** Runs something before each fill from now on, as another thread might then. */
    void beforeFill(Runnable step) {
        beforeFill = step;
    }

    /** What was stored against the rules. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** What a cache's tier holds for a key. */
    @Nullable
    Object held(String cache, EncodedKey key) {
        Watched<?, ?> watched = open.get(cache);
        LocalEntry<?> held = watched == null ? null : watched.find(key);
        return held == null ? null : held.value();
    }

    /** Drops what a cache's tier holds for a key, as an eviction does. */
    void evict(String cache, EncodedKey key) {
        Watched<?, ?> watched = open.get(cache);
        if (watched != null) {
            watched.discard(key);
        }
    }

    @Override
    public String name() {
        return "watched " + provider.name();
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        Watched<K, V> watched = new Watched<>(provider.open(context));
        open.put(context.cache(), watched);
        return watched;
    }

    @Override
    public void close() {
        provider.close();
    }

    private final class Watched<K, V> extends ForwardingLocalCache<K, V> {
        private final ConcurrentMap<EncodedKey, Long> events = new ConcurrentHashMap<>();

        Watched(LocalCache<K, V> local) {
            super(local);
        }

        @Override
        public boolean fill(EncodedKey key, Entry entry, Admission admission) {
            beforeFill.run();
            return checked("fill", key, entry, events.getOrDefault(key, -1L), super.fill(key, entry, admission));
        }

        @Override
        public boolean apply(EncodedKey key, Entry entry, Admission admission) {
            long known = events.merge(key, entry.version(), Math::max);
            return checked("apply", key, entry, known, super.apply(key, entry, admission));
        }

        private boolean checked(String step, EncodedKey key, Entry entry, long known, boolean stored) {
            if (stored && entry.version() < known && hearing.hasHeard(key.partition(), known)) {
                wrong.add(step + " stored " + key + " version=" + entry.version() + " after an event of " + known);
            }
            return stored;
        }

        @Override
        public boolean remove(EncodedKey key, long version) {
            boolean removed = super.remove(key, version);
            events.merge(key, version, Math::max);
            return removed;
        }
    }
}
