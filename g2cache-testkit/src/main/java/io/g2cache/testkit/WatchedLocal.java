package io.g2cache.testkit;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A local tier that notes when an entry older than an event, of which the tier was told before, is stored. Thread-safe: what
 * is known is looked up before the store, so that an event which arrives meanwhile is no reason to complain. Nor is an event that
 * the node need not remember any more: what another node has loaded since, while it was cut off from the log, has an older version.
 */
final class WatchedLocal implements LocalCacheProvider {
    private final LocalCacheProvider provider;
    private final ConcurrentMap<String, Watched<?, ?>> open = new ConcurrentHashMap<>();
    private final Hearing hearing;
    private final boolean isAlone;
    private final TimeSource time;
    private volatile Duration memory = Duration.ofSeconds(60);
    private volatile Runnable beforeFill = () -> {};
    private volatile boolean leavesDead;
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /**
     * Complains only of events that the node has heard of: a replay may be ahead of the tail, and behind the node's own writes.
     * Whether a version falls can be seen only where one thread drives the node alone.
     */
    WatchedLocal(LocalCacheProvider provider, boolean isAlone, TimeSource time, Hearing hearing) {
        this.isAlone = isAlone;
        this.provider = provider;
        this.time = time;
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

    /** Leaves what is dead or expired where it is from now on: a tier clears away when it likes. */
    void leavesDead() {
        leavesDead = true;
    }

    /** For how long the node remembers an event at least; its fence window. */
    void remembersFor(Duration fenceWindow) {
        memory = fenceWindow;
    }

    /** The newest event of a key that the tier was told of, and when. */
    private record Known(long version, long toldNanos) {}

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
        private final ConcurrentMap<EncodedKey, Known> events = new ConcurrentHashMap<>();

        Watched(LocalCache<K, V> local) {
            super(local);
        }

        @Override
        public boolean fill(EncodedKey key, Entry entry, Admission admission) {
            beforeFill.run();
            long held = heldVersion(key);
            Known known = events.get(key);
            return checked("fill", key, entry, held, known, super.fill(key, entry, admission));
        }

        @Override
        public boolean apply(EncodedKey key, Entry entry, Admission admission) {
            Known known = told(key, entry.version());
            long held = heldVersion(key);
            return checked("apply", key, entry, held, known, super.apply(key, entry, admission));
        }

        private Known told(EncodedKey key, long version) {
            Known now = new Known(version, time.monotonicNanos());
            return events.merge(key, now, (before, same) -> before.version >= version ? before : now);
        }

        private boolean isRemembered(EncodedKey key, Known known) {
            return time.monotonicNanos() - known.toldNanos < memory.toNanos()
                    && hearing.hasHeard(key.partition(), known.version);
        }

        private long heldVersion(EncodedKey key) {
            LocalEntry<V> held = isAlone ? find(key) : null;
            return held == null ? -1 : held.version();
        }

        private boolean checked(
                String step, EncodedKey key, Entry entry, long held, @Nullable Known known, boolean stored) {
            if (stored && entry.version() < held) {
                wrong.add(step + " stored " + key + " version=" + entry.version() + " over version=" + held);
            }
            if (stored && known != null && entry.version() < known.version && isRemembered(key, known)) {
                wrong.add(step + " stored " + key + " version=" + entry.version() + " after an event of "
                        + known.version);
            }
            return stored;
        }

        @Override
        public void cleanUp(long nowMillis) {
            if (!leavesDead) {
                super.cleanUp(nowMillis);
            }
        }

        @Override
        public boolean remove(EncodedKey key, long version) {
            boolean removed = super.remove(key, version);
            var unused = told(key, version);
            return removed;
        }
    }
}
