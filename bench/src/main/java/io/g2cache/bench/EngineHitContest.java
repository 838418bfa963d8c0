package io.g2cache.bench;

import io.g2cache.spi.LocalCacheProvider;
import java.util.Objects;
import java.util.function.Supplier;

/** A local hit through the whole engine beside a get of the same tier without it. */
final class EngineHitContest implements Contest {
    private final Workload workload = new Workload(Workload.ENTRIES);
    private final LocalNode node;
    private final LocalTier tier;
    private long ourStep;
    private long peersStep;

    EngineHitContest(Supplier<? extends LocalCacheProvider> provider) {
        node = new LocalNode(provider.get(), workload);
        tier = new LocalTier(provider.get(), workload);
    }

    @Override
    public long ours(long steps) {
        long bytes = 0;
        for (long i = 0; i < steps; i++) {
            bytes += Objects.requireNonNull(node.get(workload.read(ourStep++))).length;
        }
        return bytes;
    }

    @Override
    public long peers(long steps) {
        long bytes = 0;
        for (long i = 0; i < steps; i++) {
            bytes += Objects.requireNonNull(tier.get(workload.read(peersStep++))).length;
        }
        return bytes;
    }

    @Override
    public void close() {
        tier.close();
        node.close();
    }
}
