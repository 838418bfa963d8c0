package io.g2cache.testkit.engine;

import io.g2cache.OnHeapLocal;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LocalEntry;
import io.g2cache.testkit.ForwardingLocalCache;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A tier, on the heap unless it is given another, with steps that run before each opening of a cache and before each checkpoint,
 * and one that runs once after the next look-up, before its result is returned. Thread-safe.
 */
final class HookedLocal implements LocalCacheProvider {
    static final Runnable NOTHING = () -> {};

    final AtomicReference<Runnable> afterFind = new AtomicReference<>(NOTHING);
    volatile Runnable beforeOpen = NOTHING;
    volatile Runnable beforeCheckpoint = NOTHING;
    volatile boolean closed;
    private final LocalCacheProvider provider;

    HookedLocal() {
        this(new OnHeapLocal());
    }

    HookedLocal(LocalCacheProvider provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return "hooked";
    }

    @Override
    public <K, V> LocalCache<K, V> open(LocalContext<K, V> context) {
        beforeOpen.run();
        return new ForwardingLocalCache<>(provider.open(context)) {
            @Override
            public @Nullable LocalEntry<V> find(EncodedKey key) {
                LocalEntry<V> found = super.find(key);
                afterFind.getAndSet(NOTHING).run();
                return found;
            }

            @Override
            public void checkpoint(Checkpoint checkpoint) {
                beforeCheckpoint.run();
                super.checkpoint(checkpoint);
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        provider.close();
    }
}
