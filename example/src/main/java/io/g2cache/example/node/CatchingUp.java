package io.g2cache.example.node;

import io.g2cache.CacheStats;
import io.g2cache.CatchUp;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How far a node is on its way to the log's end; and how far it was, once it is there. Awaited by one thread, read by all. */
final class CatchingUp {
    private static final long PAUSE_MILLIS = 5;

    private final G2Node node;
    private final long startMillis = TimeSource.SYSTEM.monotonicMillis();
    private volatile NodeStatics.Progress last = new NodeStatics.Progress(0, 0, 0, 0);

    /** Of a node that was built just now, and has no caches yet. */
    CatchingUp(G2Node node) {
        this.node = node;
    }

    /** Waits until the node is ready. */
    void await(Duration timeout) throws IOException, InterruptedException {
        long all = 0;
        while (node.status().state() != NodeState.READY) {
            long took = TimeSource.SYSTEM.monotonicMillis() - startMillis;
            if (took > timeout.toMillis()) {
                throw new IOException("the node is not ready within timeout=" + timeout + ": " + node.status());
            }
            CatchUp now = node.status().catchUp();
            all = Math.max(all, now.eventsDone() + now.eventsToDo());
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        long replayed = node.caches().stream()
                .map(G2Cache::stats)
                .mapToLong((CacheStats stats) -> stats.counter("event_replayed"))
                .sum();
        long took = TimeSource.SYSTEM.monotonicMillis() - startMillis;
        last = new NodeStatics.Progress(Math.max(all, replayed), 0, took, 0);
    }

    /** As of now, or at the end. */
    NodeStatics.Progress progress() {
        CatchUp now = node.status().catchUp();
        return now.equals(CatchUp.NONE)
                ? last
                : new NodeStatics.Progress(
                        now.eventsDone(),
                        now.eventsToDo(),
                        now.elapsed().toMillis(),
                        now.left().toMillis());
    }
}
