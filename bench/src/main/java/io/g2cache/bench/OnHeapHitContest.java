package io.g2cache.bench;

import io.g2cache.OnHeapLocal;
import java.util.Objects;

/** A local hit on the heap, through the whole engine, beside a get of Caffeine by itself. */
final class OnHeapHitContest implements Contest {
    private final Workload workload = new Workload(Workload.ENTRIES);
    private final LocalNode node = new LocalNode(new OnHeapLocal(), workload);
    private final PlainCaffeine caffeine = new PlainCaffeine(workload);
    private long ourStep;
    private long peersStep;

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
            bytes += Objects.requireNonNull(caffeine.get(workload.read(peersStep++))).length;
        }
        return bytes;
    }

    @Override
    public void close() {
        node.close();
    }
}
