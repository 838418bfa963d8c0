package io.g2cache.bench;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.StatsRecorder;

/** Two nodes: one puts, and the other has applied it. */
final class NodePropagation implements Propagation {
    private final Arrivals arrivals = new Arrivals();
    private final G2Node writer;
    private final G2Node reader;
    private final G2Cache<Long, byte[]> cache;
    private volatile long appliedNanos;
    private long step;

    NodePropagation(Deployment deployment) {
        writer =
                G2Node.builder().namespace("bench-nodes").sync(deployment.log()).build();
        reader = G2Node.builder()
                .namespace("bench-nodes")
                .sync(deployment.log())
                .statsRecorder(new Applied())
                .build();
        cache = open(writer);
        var unused = open(reader);
    }

    private static G2Cache<Long, byte[]> open(G2Node node) {
        return node.cache(
                CacheSpec.builder("bench", Codecs.int64(), Codecs.bytes()).build());
    }

    /** Notes when an event was applied. */
    private final class Applied implements StatsRecorder {
        @Override
        public void hit(Tier tier) {}

        @Override
        public void miss(Tier tier) {}

        @Override
        public void loadSuccess(long nanos) {}

        @Override
        public void loadFailure(long nanos) {}

        @Override
        public void count(Counter counter) {
            if (counter == Counter.EVENT_APPLIED) {
                appliedNanos = System.nanoTime();
                arrivals.one();
            }
        }
    }

    @Override
    public long nanos() throws Exception {
        long start = System.nanoTime();
        cache.put(step++, new byte[16]);
        arrivals.await();
        return appliedNanos - start;
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
    }
}
