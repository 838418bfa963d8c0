package io.g2cache.testkit;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.spi.EncodedKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One node of {@link TwoNodes}: its cache, its faults, and, unless it has threads, what drives it. Thread-safe where its
 * parts are.
 */
public final class TestNode {
    private final MemoryLocal.Disk disk;
    private final WatchedLocal local;
    private final Faults<LogFault> logFaults;
    private final Faults<OutFault> outFaults;
    private final FaultyLog log;
    private final FaultyOut out;
    private final @Nullable ManualExecutor executor;
    private final @Nullable ManualAgents agents;
    private @Nullable G2Node node;
    private @Nullable G2Cache<String, Long> cache;
    private volatile boolean alive = true;

    TestNode(MemoryLog log, MemoryOut out, MemoryLocal.Disk disk, long seed, boolean hasThreads) {
        this.disk = disk;
        local = new WatchedLocal(new MemoryLocal(disk));
        logFaults = new Faults<>(seed);
        outFaults = new Faults<>(seed + 1);
        this.log = new FaultyLog(log, logFaults);
        this.out = new FaultyOut(out, outFaults);
        executor = hasThreads ? null : new ManualExecutor();
        agents = hasThreads ? null : new ManualAgents();
    }

    /** Starts the node; its agents must be driven meanwhile. */
    void start(TwoNodes.Settings settings, FakeTime time) {
        var builder = G2Node.builder()
                .namespace(TwoNodes.NAMESPACE)
                .local(local)
                .sync(log)
                .timeSource(time)
                .recentCapacity(settings.recentCapacity());
        if (settings.hasOutTier()) {
            builder.out(out);
        }
        if (executor != null && agents != null) {
            builder.executor(executor).agentScheduler(agents);
        }
        node = builder.build();
    }

    /** Opens its cache. */
    void open(CacheSpec<String, Long> spec) {
        cache = node().cache(spec);
    }

    /** What its local tier is kept on. */
    MemoryLocal.Disk disk() {
        return disk;
    }

    /** The node. */
    public G2Node node() {
        return TwoNodes.require(node);
    }

    /** Its cache. */
    public G2Cache<String, Long> cache() {
        return TwoNodes.require(cache);
    }

    /** What may go wrong on the way to the log; nothing at first. */
    public Faults<LogFault> logFaults() {
        return logFaults;
    }

    /** What may go wrong on the way to the out tier; nothing at first. */
    public Faults<OutFault> outFaults() {
        return outFaults;
    }

    /** Its way to the log. */
    public FaultyLog log() {
        return log;
    }

    /** Its way to the out tier. */
    public FaultyOut out() {
        return out;
    }

    /** Its executor; only without threads. */
    public ManualExecutor executor() {
        return TwoNodes.require(executor);
    }

    /** Its agents; only without threads. */
    public ManualAgents agents() {
        return TwoNodes.require(agents);
    }

    /** Whether it was not killed. */
    public boolean isAlive() {
        return alive;
    }

    /** Lets it die where it stands: what waits in its executor is never run. Only without threads. */
    public void kill() {
        alive = false;
        agents().kill();
    }

    @Nullable
    Object held(EncodedKey key) {
        return local.held(TwoNodes.CACHE, key);
    }

    /** Drops what its local tier holds for a key, as an eviction does. */
    public void evictLocally(EncodedKey key) {
        local.evict(TwoNodes.CACHE, key);
    }

    WatchedLocal local() {
        return local;
    }

    /** Ends all faults and lets happen what they have kept. */
    void heal() {
        logFaults.heal();
        outFaults.heal();
        log.holdBackTail(0);
        log.holdBackMaterialiser(0);
        log.releaseLate();
        out.releaseLate();
    }

    void close() {
        if (node != null && alive) {
            node.close(Duration.ofMillis(executor == null ? 2000 : 1));
        }
        alive = false;
    }
}
