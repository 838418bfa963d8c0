package io.g2cache.testkit;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.NodeState;
import io.g2cache.NodeStatus;
import io.g2cache.spi.EncodedKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One node of {@link TwoNodes}: its cache, its faults, and, unless it has threads, what drives it. Thread-safe where its
 * parts are.
 */
public final class TestNode {
    private static final int MOST_CYCLES = 100_000;

    private final MemoryLocal.Disk disk;
    private final WatchedLocal local;
    private final Faults<LogFault> logFaults;
    private final Faults<OutFault> outFaults;
    private final FaultyLog log;
    private final FaultyOut out;
    private final NodeClock clock;
    private final @Nullable ManualExecutor executor;
    private final @Nullable ManualAgents agents;
    private @Nullable G2Node node;
    private @Nullable G2Cache<String, Long> cache;
    private volatile boolean alive = true;

    TestNode(MemoryLog log, MemoryOut out, MemoryLocal.Disk disk, FakeTime time, long seed, boolean hasThreads) {
        this.disk = disk;
        this.clock = new NodeClock(time);
        local = new WatchedLocal(new MemoryLocal(disk), !hasThreads, clock, this::hasHeard);
        logFaults = new Faults<>(seed);
        outFaults = new Faults<>(seed + 1);
        this.log = new FaultyLog(log, logFaults);
        this.out = new FaultyOut(out, outFaults);
        executor = hasThreads ? null : new ManualExecutor();
        agents = hasThreads ? null : new ManualAgents();
    }

    /** Starts the node, and waits until it is ready if it has threads. */
    void start(TwoNodes.Settings settings) {
        G2NodeBuilder builder = G2Node.builder()
                .namespace(TwoNodes.NAMESPACE)
                .local(local)
                .sync(log)
                .timeSource(clock)
                .recentCapacity(settings.recentCapacity());
        if (settings.hasOutTier()) {
            builder.out(out);
        }
        if (executor == null || agents == null) {
            node = settings.node().apply(builder).build();
            return;
        }
        builder.executor(executor).agentScheduler(agents).awaitReady(false);
        executor.runAtOnce(true);
        try {
            node = settings.node().apply(builder).build();
        } finally {
            executor.runAtOnce(false);
        }
    }

    /** Drives the node until it has read the log to its end as of its start, or until its cache is up to date. Only without threads. */
    public void awaitReady() {
        for (int cycles = 0; !isReady(); cycles++) {
            if (cycles == MOST_CYCLES) {
                throw new AssertionError("not ready after cycles=" + cycles + ": " + node().status());
            }
            agents().names().stream().filter(TestNode::isNeededAtStart).forEach(agents()::cycle);
            var unused = executor().runAll();
        }
    }

    private boolean isReady() {
        G2Node started = node;
        if (started == null) {
            return false;
        }
        NodeStatus status = started.status();
        return status.state() == NodeState.READY || status.state() == NodeState.STALE;
    }

    /** How long the node's fence window is, where it is not the default. */
    public void remembersFor(Duration fenceWindow) {
        local.remembersFor(fenceWindow);
    }

    /** Whether the node must know an event: its tail has had it, and no replay is behind. */
    private boolean hasHeard(int partition, long offset) {
        return log.tailed(partition) > offset && isReady();
    }

    private static boolean isNeededAtStart(String agent) {
        return agent.equals("tailer") || agent.startsWith("replay");
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

    /** Its clocks. */
    public NodeClock clock() {
        return clock;
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
        log.cut(true);
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

    /** Runs something before each fill of its local tier from now on, as another thread might then. */
    public void beforeFill(Runnable step) {
        local.beforeFill(step);
    }

    /** Its local tier leaves what is dead or expired where it is from now on. */
    public void leavesDead() {
        local.leavesDead();
    }

    WatchedLocal local() {
        return local;
    }

    /** Ends all faults and lets happen what they have kept. */
    void heal() {
        log.cut(false);
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
