package io.g2cache.internal;

import io.g2cache.G2Node;
import io.g2cache.GenerationEndedException;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.WriteQueue;
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

/**
 * Puts a node together and starts it; what was started is closed again if the start fails. What outlives a generation of the
 * log is held here. Used by one thread at a time.
 */
public final class NodeStarter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStarter.class);
    static final Duration HOUSEKEEPING = Duration.ofMillis(500);
    private static final Duration AUDITING = Duration.ofMillis(250);
    private static final Duration END_OF_FAILED_START = Duration.ofSeconds(5);

    private final NodeOptions options;
    private final TimeSource time;
    private final String nodeId = UUID.randomUUID().toString().substring(0, 13);
    private final Lifecycle lifecycle = new Lifecycle(nodeId);
    private final Workers workers;
    private final CountersByCache counters;
    private final Shutdown shutdown;
    private final EndedLives endedLives = new EndedLives();
    private boolean isEndedDriven;
    private final QueueInUse queueInUse = new QueueInUse();
    private volatile @Nullable QueuedWrites queueBeforeLog;

    private NodeStarter(NodeOptions options) {
        this.options = options;
        this.time = options.time();
        this.workers = new Workers(nodeId, options.executor());
        this.counters = new CountersByCache(options.statsRecorder());
        this.shutdown = new Shutdown(nodeId, time);
    }

    /** Starts a node; blocks until it is ready, at most for the start timeout. */
    public static G2Node start(NodeOptions options) {
        NodeStarter starter = new NodeStarter(options);
        OutCacheProvider out = options.out();
        starter.shutdown.add("local tier", options.local()::close);
        if (out != null) {
            starter.shutdown.add("out tier", out::close);
        }
        starter.shutdown.add("loads of ended lives", starter.endedLives::close);
        try {
            return new NodeEngine(starter, starter.firstLife());
        } catch (RuntimeException | Error e) {
            starter.end(END_OF_FAILED_START);
            throw e;
        }
    }

    String nodeId() {
        return nodeId;
    }

    NodeOptions options() {
        return options;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Where loads go on whose life has ended; driven from the first such life on. */
    synchronized EndedLives endedLives() {
        if (!isEndedDriven) {
            isEndedDriven = true;
            new Agents(options.agents(), nodeId, time, shutdown).run(endedLives, HOUSEKEEPING);
        }
        return endedLives;
    }

    /** Closes what outlives a generation. */
    void end(Duration timeout) {
        long deadline = time.monotonicNanos() + Durations.nanos(timeout);
        shutdown.end(timeout);
        closeQueueBeforeLog();
        workers.close(Duration.ofNanos(Math.max(0, deadline - time.monotonicNanos())));
    }

    private NodeLife firstLife() {
        try {
            return live(options.awaitReady());
        } catch (SyncLogException e) {
            if (options.requireLogAtStart()
                    || e.isRefusal()
                    || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.error("node={} starts without its log, and is STALE until it has reached it", nodeId, e);
            return beforeLog();
        }
    }

    /** A life until the log is reached: no tier is used, as neither its generation nor its events are known. */
    NodeLife beforeLog() {
        Shutdown ofLife = new Shutdown(nodeId, time);
        try {
            Sequencer sequencer = new LogToCome(nodeId);
            FillFence fence = fence(sequencer.partitions(), false);
            QueuedWrites queue = queue(fence, sequencer.partitions());
            queueBeforeLog = queue;
            NodeParts parts = new NodeParts(
                    nodeId,
                    sequencer,
                    new NoLocal(),
                    null,
                    fence,
                    lifecycle,
                    new Tokens(nodeId, sequencer, null, null, lifecycle, time),
                    workers,
                    new Agents(options.agents(), nodeId, time, ofLife),
                    null,
                    null,
                    new Freshness(time, options.maxStaleness()),
                    null,
                    queue);
            return assemble(parts, new ConcurrentHashMap<>(), null, null, null, ofLife);
        } catch (RuntimeException | Error e) {
            ofLife.end(END_OF_FAILED_START);
            throw e;
        }
    }

    /**
     * Starts a life, on the generation that the log has now.
     *
     * @param waits whether to wait until it is ready, at most for the start timeout
     */
    NodeLife live(boolean waits) {
        long deadline = time.monotonicNanos() + options.startTimeout().toNanos();
        while (true) {
            Shutdown ofLife = new Shutdown(nodeId, time);
            try {
                SyncLogProvider log = options.sync();
                return log == null ? withoutLog(ofLife) : withLog(log, ofLife, deadline, waits);
            } catch (GenerationEndedException e) {
                ofLife.end(END_OF_FAILED_START);
                if (time.monotonicNanos() - deadline >= 0) {
                    throw e;
                }
                LOG.warn("node={} starts again: {}", nodeId, e.getMessage());
            } catch (RuntimeException | Error e) {
                ofLife.end(END_OF_FAILED_START);
                throw e;
            }
        }
    }

    private NodeLife withoutLog(Shutdown ofLife) {
        Sequencer sequencer = new ClockSequencer(nodeId, time);
        Tokens tokens = new Tokens(nodeId, sequencer, null, null, lifecycle, time);
        OutTiers outTiers = outTiers("clock");
        Agents agents = new Agents(options.agents(), nodeId, time, ofLife);
        NodeParts parts = new NodeParts(
                nodeId,
                sequencer,
                options.local(),
                null,
                fence(1, false),
                lifecycle,
                tokens,
                workers,
                agents,
                outTiers,
                null,
                null,
                null,
                null);
        NodeLife life = assemble(parts, new ConcurrentHashMap<>(), null, null, null, ofLife);
        ready(parts);
        return life;
    }

    private NodeLife withLog(SyncLogProvider provider, Shutdown ofLife, long deadline, boolean waits) {
        lifecycle.become(NodeState.STARTING);
        SyncLog log = provider.open(new LogContext(
                options.namespace(),
                nodeId,
                options.maximumLifetime(),
                options.fenceWindow(),
                options.maximumEventBytes(),
                time));
        ofLife.add("log", log::close);
        Moment asked = Moment.now(time);
        LogPosition end = LogSide.get(log.endOffsets(), left(deadline), "end offsets");
        LogPosition start = LogSide.start(log, options.fenceWindow(), options.out() != null, left(deadline));
        GenerationEnd generation = new GenerationEnd(log, time);
        AppendDeadlines appends = new AppendDeadlines(time);
        FillFence fence = fence(log.partitions(), options.out() != null);
        Freshness freshness = new Freshness(time, options.maxStaleness());
        Map<String, EventApplier.Target> targets = new ConcurrentHashMap<>();
        OutTiers outTiers = outTiers(log.generation());
        OutSide outSide = outTiers == null
                ? null
                : new OutSide(log, outTiers, fence, nodeId, appends, targets, freshness::asOfMillis, time);
        if (outSide != null) {
            start = outSide.startAt(start, left(deadline));
        }
        fence.startAt(start);
        QueuedWrites queue = queue(fence, log.partitions());
        if (queue != null) {
            ofLife.add("write queue", queue::close);
        }
        PositionTracker positions = new PositionTracker(start);
        Sequencer sequencer = new LogSequencer(log, positions, appends, generation);
        Agents agents = new Agents(options.agents(), nodeId, time, ofLife);
        NodeParts parts = new NodeParts(
                nodeId,
                sequencer,
                options.local(),
                log,
                fence,
                lifecycle,
                new Tokens(nodeId, sequencer, positions, generation, lifecycle, time),
                workers,
                agents,
                outTiers,
                outSide,
                freshness,
                generation,
                queue);
        EventApplier applier = new EventApplier(nodeId, fence, positions, log.partitions(), targets, outSide, time);
        StartUp startUp = new StartUp(
                log, positions, applier, freshness, generation, asked, end, nodeId, time, options.catchUpListener());
        LogSide side = new LogSide(log, positions, freshness, generation, appends, time);
        NodeLife life = assemble(parts, targets, side, applier, startUp, ofLife);
        agents.run(new TailAgent(log.tail(start), applier, generation));
        begin(parts, startUp, deadline, waits);
        return life;
    }

    /** Starts what works beside the tailer, and catches up. */
    private void begin(NodeParts parts, StartUp startUp, long deadline, boolean waits) {
        OutSide outSide = parts.outSide();
        if (outSide != null) {
            parts.agents().run(outSide.materialise(), Materialiser.PAUSE);
        }
        QueuedWrites queue = parts.queue();
        if (queue != null) {
            parts.agents().run(new QueueDrain(queue, parts.sequencer(), parts.fence(), nodeId, time));
        }
        lifecycle.become(NodeState.CATCHING_UP);
        startUp.begin(() -> ready(parts));
        if (waits) {
            startUp.await(left(deadline));
        }
    }

    /**
     * Its files outlive the generation: what waits is sent to the next one. They are taken from the life before the log, whose
     * writes are queued here from now on.
     */
    private @Nullable QueuedWrites queue(FillFence fence, int partitions) {
        WriteQueue limits = options.writeQueue();
        if (limits == null) {
            return null;
        }
        closeQueueBeforeLog();
        return QueuedWrites.open(limits, fence, partitions, queueInUse, time);
    }

    /** Whether the life before the log has a queue no more, as an attempt to leave it has taken that over. */
    boolean hasLostQueueBeforeLog() {
        return options.writeQueue() != null && queueBeforeLog == null;
    }

    /** The life before the log was not entered, or has ended. */
    void closeQueueBeforeLog() {
        QueuedWrites before = queueBeforeLog;
        queueBeforeLog = null;
        if (before != null) {
            before.close();
        }
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - time.monotonicNanos()));
    }

    private FillFence fence(int partitions, boolean hasMaterialiser) {
        CacheFloors.TagOptions tags = new CacheFloors.TagOptions(options.tagFloorCapacity(), lifeOfOldEntries());
        return new FillFence(time, partitions, options.recentCapacity(), options.fenceWindow(), hasMaterialiser, tags);
    }

    /** After an event, no entry that is older than it lives on for longer. */
    private Duration lifeOfOldEntries() {
        return options.maximumLifetime().plus(options.fenceWindow());
    }

    private @Nullable OutTiers outTiers(String generation) {
        OutCacheProvider provider = options.out();
        if (provider == null) {
            return null;
        }
        Duration garbageAfter = lifeOfOldEntries();
        return new OutTiers(
                provider,
                cache -> new OutContext(
                        options.namespace(), cache, generation, garbageAfter, workers.callbacks(), time));
    }

    private NodeLife assemble(
            NodeParts parts,
            Map<String, EventApplier.Target> targets,
            @Nullable LogSide side,
            @Nullable EventApplier applier,
            @Nullable StartUp startUp,
            Shutdown ofLife) {
        ConcurrentHashMap<String, CacheEngine<?, ?>> caches = new ConcurrentHashMap<>();
        OutTiers outTiers = parts.outTiers();
        OutSide outSide = parts.outSide();
        if (outTiers != null) {
            ofLife.add("caches of the out tier", outTiers::close);
        }
        if (outSide != null) {
            ofLife.add("rebuilds of the out tier", outSide::close);
        }
        ofLife.add(
                "caches",
                () -> CloseEach.of(
                        "the local tier", caches, cache -> cache.upkeep().closeWithNode()));
        Runnable log = side == null || startUp == null
                ? () -> {}
                : () -> {
                    side.tick();
                    if (outSide != null) {
                        outSide.housekeeping();
                    }
                    startUp.tick(() -> ready(parts));
                };
        parts.agents().run(new Housekeeper(caches.values(), log, time, options.statsInterval()), HOUSEKEEPING);
        audit(parts, caches);
        CacheOpener opener = new CacheOpener(options, parts, counters);
        return new NodeLife(parts, opener, caches, targets, side, applier, startUp, ofLife);
    }

    /** Without a log no tier can be older than an event that others have written: there is nothing to be found. */
    private void audit(NodeParts parts, ConcurrentHashMap<String, CacheEngine<?, ?>> caches) {
        int keysPerSecond = options.auditKeysPerSecond();
        if (keysPerSecond > 0 && parts.log() == null) {
            LOG.warn("node={} has no log, so it does not audit itself: auditKeysPerSecond={}", nodeId, keysPerSecond);
        } else if (keysPerSecond > 0) {
            parts.agents().run(new Auditor(caches.values(), keysPerSecond, time), AUDITING);
        }
    }

    private void ready(NodeParts parts) {
        OutSide outSide = parts.outSide();
        if (outSide != null) {
            outSide.caughtUp();
        }
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
                parts.sequencer().generation(),
                Modules.promises(out != null, sync != null));
    }
}
