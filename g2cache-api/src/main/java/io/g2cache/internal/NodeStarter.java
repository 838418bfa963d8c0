package io.g2cache.internal;

import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.WriteQueue;
import io.g2cache.spi.Agent;
import io.g2cache.spi.AgentScheduler;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a node together and starts it; what was started is closed again if the start fails. Used once. */
public final class NodeStarter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStarter.class);
    private static final Duration NO_IDLE = Duration.ofMillis(1);
    private static final Duration HOUSEKEEPING = Duration.ofMillis(500);
    private static final Duration END_OF_FAILED_START = Duration.ofSeconds(5);

    private final NodeOptions options;
    private final TimeSource time;
    private final String nodeId = UUID.randomUUID().toString().substring(0, 13);
    private final Map<String, EventApplier.Target> targets = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, CacheEngine<?, ?>> caches = new ConcurrentHashMap<>();
    private final Workers workers;
    private final Shutdown shutdown;

    private NodeStarter(NodeOptions options) {
        this.options = options;
        this.time = options.time();
        this.workers = new Workers(nodeId, options.executor());
        this.shutdown = new Shutdown(nodeId, workers, time);
    }

    /** Starts a node; blocks until it is ready, at most for the start timeout. */
    public static G2Node start(NodeOptions options) {
        return new NodeStarter(options).start();
    }

    private G2Node start() {
        SyncLogProvider log = options.sync();
        OutCacheProvider out = options.out();
        shutdown.add("local tier", options.local()::close);
        if (out != null) {
            shutdown.add("out tier", out::close);
        }
        try {
            return log == null ? startWithoutLog() : startWithLog(log);
        } catch (RuntimeException | Error e) {
            shutdown.abandon(END_OF_FAILED_START);
            throw e;
        }
    }

    private G2Node startWithoutLog() {
        Sequencer sequencer = new ClockSequencer(nodeId, time);
        FillFence fence = fence(1, false);
        Lifecycle lifecycle = new Lifecycle(nodeId, sequencer, null, time);
        NodeEngine node = assemble(sequencer, null, fence, lifecycle, outTiers("clock"), null, null, null);
        started(lifecycle, sequencer);
        return node;
    }

    private G2Node startWithLog(SyncLogProvider provider) {
        long deadline = time.monotonicNanos() + options.startTimeout().toNanos();
        SyncLog log = provider.open(new LogContext(
                options.namespace(),
                nodeId,
                options.maximumLifetime(),
                options.fenceWindow(),
                options.maximumEventBytes(),
                time));
        shutdown.add("log", log::close);
        boolean hasOut = options.out() != null;
        LogPosition end = LogSide.get(log.endOffsets(), left(deadline), "end offsets");
        LogPosition start = LogSide.start(log, options.fenceWindow(), hasOut, left(deadline));
        PositionTracker positions = new PositionTracker(start);
        AppendDeadlines appends = new AppendDeadlines(time);
        Sequencer sequencer = new LogSequencer(log, positions, appends);
        FillFence fence = fence(log.partitions(), hasOut);
        fence.startAt(start);
        QueuedWrites queue = queue(fence, log.partitions());
        EventApplier applier = new EventApplier(nodeId, fence, positions, log.partitions(), targets, time);
        LogSide side = new LogSide(log, positions, applier, fence, nodeId, time, end, appends);
        Lifecycle lifecycle = new Lifecycle(nodeId, sequencer, positions, time);
        run(new TailAgent(log.tail(start), applier), NO_IDLE);
        OutTiers outTiers = outTiers(log.generation());
        if (outTiers != null) {
            run(new Materialiser(log.materialiser(), outTiers, log.partitions(), targets, time), NO_IDLE);
        }
        NodeEngine node = assemble(sequencer, log, fence, lifecycle, outTiers, side, applier, queue);
        if (queue != null) {
            run(new QueueDrain(queue, sequencer, fence, nodeId, time), NO_IDLE);
        }
        side.catchUp(lifecycle, left(deadline));
        started(lifecycle, sequencer);
        return node;
    }

    private @Nullable QueuedWrites queue(FillFence fence, int partitions) {
        WriteQueue limits = options.writeQueue();
        if (limits == null) {
            return null;
        }
        QueuedWrites queue = QueuedWrites.open(limits, fence, partitions, time);
        shutdown.add("write queue", queue::close);
        return queue;
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - time.monotonicNanos()));
    }

    private FillFence fence(int partitions, boolean hasMaterialiser) {
        return new FillFence(time, partitions, options.recentCapacity(), options.fenceWindow(), hasMaterialiser);
    }

    private @Nullable OutTiers outTiers(String generation) {
        OutCacheProvider provider = options.out();
        if (provider == null) {
            return null;
        }
        Duration garbageAfter = options.maximumLifetime().plus(options.fenceWindow());
        return new OutTiers(
                provider,
                cache -> new OutContext(
                        options.namespace(), cache, generation, garbageAfter, workers.callbacks(), time));
    }

    private NodeEngine assemble(
            Sequencer sequencer,
            @Nullable SyncLog log,
            FillFence fence,
            Lifecycle lifecycle,
            @Nullable OutTiers outTiers,
            @Nullable LogSide side,
            @Nullable EventApplier applier,
            @Nullable QueuedWrites queue) {
        Calls calls = new Calls(lifecycle, workers, time);
        NodeParts parts = new NodeParts(nodeId, sequencer, log, fence, lifecycle, calls, workers, outTiers, queue);
        run(new Housekeeper(caches.values(), side, time, options.statsInterval()), HOUSEKEEPING);
        if (outTiers != null) {
            shutdown.add("caches of the out tier", outTiers::close);
        }
        shutdown.add("caches", () -> CloseEach.of("the local tier", caches, CacheEngine::close));
        return new NodeEngine(parts, new CacheOpener(options, parts), caches, targets, side, applier, shutdown);
    }

    private void run(Agent agent, Duration idle) {
        AgentScheduler users = options.agents();
        if (users != null) {
            shutdown.add(users.start(agent, idle));
            return;
        }
        AgentRunner runner = new AgentRunner(agent, idle, nodeId, time);
        shutdown.add(runner);
        runner.start();
    }

    private void started(Lifecycle lifecycle, Sequencer sequencer) {
        lifecycle.become(NodeState.READY);
        OutCacheProvider out = options.out();
        SyncLogProvider sync = options.sync();
        LOG.info(
                "node={} namespace={} local={} out={} log={} generation={}: {}",
                nodeId,
                options.namespace(),
                options.local().name(),
                out == null ? "none" : out.name(),
                sync == null ? "none" : sync.name(),
                sequencer.generation(),
                Modules.promises(out != null, sync != null));
    }
}
