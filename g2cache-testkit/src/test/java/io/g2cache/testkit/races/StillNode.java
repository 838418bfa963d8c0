package io.g2cache.testkit.races;

import io.g2cache.G2Node;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.ManualAgents;
import io.g2cache.testkit.ManualExecutor;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Starts a node whose agents stand still from then on. */
final class StillNode {
    private StillNode() {}

    static G2Node start(MemoryOut.Store store, MemoryLog.Broker broker, ManualExecutor executor, TimeSource time) {
        ManualAgents agents = new ManualAgents();
        CompletableFuture<G2Node> started = CompletableFuture.supplyAsync(() -> G2Node.builder()
                .local(new MemoryLocal())
                .out(new MemoryOut(store))
                .sync(new MemoryLog(broker))
                .executor(executor)
                .agentScheduler(agents)
                .timeSource(time)
                .build());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!started.isDone() && System.nanoTime() < end) {
            agents.cycle("tailer");
            Thread.yield();
        }
        return started.orTimeout(1, TimeUnit.SECONDS).join();
    }
}
