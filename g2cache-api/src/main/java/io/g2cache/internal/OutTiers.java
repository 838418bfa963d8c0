package io.g2cache.internal;

import io.g2cache.TierException;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutLedger;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The out tiers of this node by cache name, opened at first use; shared by caches and materialiser. Thread-safe. */
final class OutTiers {
    private static final String NO_CACHE = "";

    private final OutCacheProvider provider;
    private final Function<String, OutContext> contexts;
    private final ConcurrentHashMap<String, OutCache> open = new ConcurrentHashMap<>();
    private volatile @Nullable OutLedger ledger;

    OutTiers(OutCacheProvider provider, Function<String, OutContext> contexts) {
        this.provider = provider;
        this.contexts = contexts;
    }

    /** Opens the ledger, once, and hands every doubt about the tier to the listener from now on. */
    OutLedger openLedger(OutDoubts doubts) {
        OutLedger opened = provider.ledger(contexts.apply(NO_CACHE), doubts);
        ledger = opened;
        return opened;
    }

    /** The opened ledger. */
    OutLedger ledger() {
        OutLedger opened = ledger;
        if (opened == null) {
            throw new TierException("the ledger is not open");
        }
        return opened;
    }

    OutCache open(String cache) {
        return open.computeIfAbsent(cache, name -> provider.open(contexts.apply(name)));
    }

    /** The same for the materialiser, which repeats its calls until they succeed. */
    OutCache unguarded(String cache) {
        return open(cache).unguarded();
    }

    /** Closes the tier of a cache that is closed; a materialiser that needs it opens it again, and repeats what was refused. */
    void close(String cache) {
        OutCache closed = open.remove(cache);
        if (closed != null) {
            closed.close();
        }
    }

    /** Closes the caches' tiers and the ledger; the provider is left to whoever closes the node. */
    void close() {
        OutLedger opened = ledger;
        if (opened != null) {
            opened.close();
        }
        CloseEach.of("the out tier", open, OutCache::close);
    }
}
