package io.g2cache.internal;

import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The out tiers of this node by cache name, opened at first use; shared by caches and materialiser. Thread-safe. */
final class OutTiers {
    private final OutCacheProvider provider;
    private final Function<String, OutContext> contexts;
    private final ConcurrentHashMap<String, OutCache> open = new ConcurrentHashMap<>();

    OutTiers(OutCacheProvider provider, Function<String, OutContext> contexts) {
        this.provider = provider;
        this.contexts = contexts;
    }

    OutCache open(String cache) {
        return open.computeIfAbsent(cache, name -> provider.open(contexts.apply(name)));
    }

    Set<String> names() {
        return new TreeSet<>(open.keySet());
    }

    /** Closes the caches' tiers; the provider is left to whoever closes the node. */
    void close() {
        CloseEach.of("the out tier", open, OutCache::close);
    }
}
