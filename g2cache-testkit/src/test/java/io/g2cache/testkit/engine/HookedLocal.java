package io.g2cache.testkit.engine;

import io.g2cache.OnHeapLocal;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.Restored;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The on-heap tier with a step that runs once after the next look-up, before its result is returned. Thread-safe. */
final class HookedLocal implements LocalCacheProvider {
    static final Runnable NOTHING = () -> {};

    final AtomicReference<Runnable> afterFind = new AtomicReference<>(NOTHING);
    volatile boolean closed;
    private final OnHeapLocal provider = new OnHeapLocal();

    @Override
    public String name() {
        return "hooked";
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        LocalCache<K, V> local = provider.open(context);
        return new LocalCache<>() {
            @Override
            public @Nullable V get(K key, long nowMillis) {
                return local.get(key, nowMillis);
            }

            @Override
            public @Nullable LocalEntry<V> find(EncodedKey key) {
                LocalEntry<V> found = local.find(key);
                afterFind.getAndSet(NOTHING).run();
                return found;
            }

            @Override
            public boolean fill(EncodedKey key, Entry entry, Admission admission) {
                return local.fill(key, entry, admission);
            }

            @Override
            public boolean apply(EncodedKey key, Entry entry, Admission admission) {
                return local.apply(key, entry, admission);
            }

            @Override
            public boolean remove(EncodedKey key, long version) {
                return local.remove(key, version);
            }

            @Override
            public void discard(EncodedKey key) {
                local.discard(key);
            }

            @Override
            public void discardAll() {
                local.discardAll();
            }

            @Override
            public @Nullable Restored restored() {
                return local.restored();
            }

            @Override
            public void checkpoint(Checkpoint checkpoint) {
                local.checkpoint(checkpoint);
            }

            @Override
            public long estimatedSize() {
                return local.estimatedSize();
            }

            @Override
            public long evictions() {
                return local.evictions();
            }

            @Override
            public void cleanUp(long nowMillis) {
                local.cleanUp(nowMillis);
            }

            @Override
            public void close() {
                local.close();
            }
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
