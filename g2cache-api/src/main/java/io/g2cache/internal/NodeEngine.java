package io.g2cache.internal;

import io.g2cache.CacheClosedException;
import io.g2cache.CacheSpec;
import io.g2cache.CatchUp;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.GenerationEndedException;
import io.g2cache.NodeState;
import io.g2cache.NodeStatus;
import io.g2cache.OutRebuild;
import io.g2cache.WriteQueueStatus;
import io.g2cache.WriteToken;
import io.g2cache.audit.AuditView;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: its open caches, its moves from one generation of the log to the next, and its end.
 *
 * <p>Concurrency: any thread. This object's monitor guards which life is lived and which caches belong to it; caches are
 * opened outside of it, so that one that replays does not keep others out. A thread of its own moves the node to another
 * generation, or from the life before the log to its first one.
 */
final class NodeEngine implements G2Node {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEngine.class);
    private static final Duration END_OF_LIFE = Duration.ofSeconds(5);
    private static final long RETRY_MILLIS = 1_000;

    private final NodeStarter starter;
    private final Lifecycle lifecycle;
    private final OpenCaches open;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile NodeLife life;

    NodeEngine(NodeStarter starter, NodeLife first) {
        this.starter = starter;
        this.lifecycle = starter.lifecycle();
        this.open = new OpenCaches(starter.options().time());
        this.life = first;
        watch(first);
    }

    @Override
    public String id() {
        return starter.nodeId();
    }

    @Override
    public <K, V> G2Cache<K, V> cache(CacheSpec<K, V> spec) {
        Duration longest = starter.options().startTimeout().multipliedBy(2);
        lifecycle.enter();
        try {
            CacheHandle<K, V> handle;
            do {
                open.awaitClosed(spec.name(), longest);
                handle = opened(spec, longest);
            } while (handle == null);
            return handle;
        } finally {
            lifecycle.exit();
        }
    }

    /** The cache, opened by this thread or another one; null if it is just being closed. */
    private <K, V> @Nullable CacheHandle<K, V> opened(CacheSpec<K, V> spec, Duration longest) {
        CacheEngine<K, V> engine = null;
        CacheHandle<K, V> handle;
        synchronized (this) {
            if (open.isClosing(spec.name())) {
                return null;
            }
            handle = open.known(spec);
            if (handle == null) {
                engine = life.open(spec);
                handle = new CacheHandle<>(spec, engine, this::close);
                open.add(handle);
            }
        }
        if (engine != null) {
            return started(handle, engine);
        }
        open.awaitOpened(handle, longest);
        return handle;
    }

    private <K, V> CacheHandle<K, V> started(CacheHandle<K, V> handle, CacheEngine<K, V> engine) {
        try {
            engine.upkeep().start();
            handle.opened().complete(null);
            return handle;
        } catch (RuntimeException | Error e) {
            close(handle, Duration.ZERO);
            handle.opened().completeExceptionally(e);
            throw e;
        }
    }

    private synchronized void remove(CacheHandle<?, ?> handle) {
        open.remove(handle);
    }

    /** Closes a cache; whoever closes it at the same time waits for the same end. */
    private void close(CacheHandle<?, ?> handle, Duration timeout) {
        TimeSource time = starter.options().time();
        long deadline = time.monotonicNanos() + Durations.nanos(timeout);
        CacheEngine<?, ?> engine;
        NodeLife of;
        synchronized (this) {
            engine = handle.end();
            of = life;
        }
        if (engine != null) {
            open.close(handle, engine, of, timeout, () -> remove(handle));
        }
        open.awaitReleased(handle, deadline);
    }

    @Override
    public Collection<G2Cache<?, ?>> caches() {
        return Collections.unmodifiableCollection(List.copyOf(open.open()));
    }

    @Override
    public NodeStatus status() {
        NodeLife now = life;
        NodeState state = state(now);
        LogSide side = now.logSide();
        EventApplier applier = now.applier();
        Freshness freshness = now.parts().freshness();
        OutCacheProvider out = starter.options().out();
        return new NodeStatus(
                state,
                side == null ? 0 : side.lagEvents(),
                freshness == null ? 0 : freshness.elapsedMillis(),
                applier == null ? 0 : applier.applied(),
                side == null ? CatchUp.NONE : now.progress(),
                out != null && out.isAway());
    }

    private NodeState state(NodeLife now) {
        NodeState state = lifecycle.state();
        if (now.awaitsLog() && state != NodeState.CLOSED) {
            return NodeState.STALE;
        }
        NodeParts parts = now.parts();
        Freshness freshness = parts.freshness();
        if (state != NodeState.READY || freshness == null) {
            return state;
        }
        GenerationEnd generation = parts.generation();
        if (generation != null && generation.hasEnded()) {
            return NodeState.STARTING;
        }
        if (freshness.isAnyBehind()) {
            return NodeState.CATCHING_UP;
        }
        return freshness.isStale() ? NodeState.STALE : NodeState.READY;
    }

    @Override
    public WriteQueueStatus writeQueue() {
        QueuedWrites queue = life.parts().queue();
        return queue == null ? WriteQueueStatus.NONE : queue.status();
    }

    @Override
    public void awaitToken(WriteToken token, Duration timeout) {
        life.parts().tokens().await(token, timeout);
    }

    @Override
    public AuditView audit() {
        return new NodeAudit(() -> life);
    }

    @Override
    public OutRebuild rebuildOutTier(Duration timeout) {
        lifecycle.requireOpen();
        OutSide side = life.parts().outSide();
        if (side == null) {
            throw new IllegalStateException(
                    "node=" + id() + " needs an out tier and a log to rebuild one from the other");
        }
        return side.rebuild(timeout);
    }

    private void watch(NodeLife of) {
        if (of.awaitsLog()) {
            run(() -> seekLog(of));
        }
        GenerationEnd generation = of.parts().generation();
        if (generation != null) {
            var unused = generation.ended().thenAccept(end -> run(() -> move(of, end)));
        }
    }

    private void run(Runnable move) {
        Thread mover = new Thread(move, "g2cache-generation-" + id());
        mover.setDaemon(true);
        mover.start();
    }

    /** Tries until the node is in the log's generation, or closed; it serves meanwhile. */
    private void seekLog(NodeLife first) {
        LimitedLog failures = new LimitedLog(LOG, starter.options().time());
        NodeLife before = first;
        pause();
        while (lifecycle.state() != NodeState.CLOSED) {
            try {
                enter(starter.live(false));
                before.leave(starter.endedLives(), END_OF_LIFE);
                return;
            } catch (RuntimeException | Error e) {
                failures.warn("node=" + id() + " has not reached its log yet", e);
                before = queueing(before, failures);
            }
            pause();
        }
    }

    /** Where a late failure has cost the life before the log its queue, goes on in another one, which has it again. */
    private NodeLife queueing(NodeLife before, LimitedLog failures) {
        if (!life.equals(before) || !starter.hasLostQueueBeforeLog()) {
            return before;
        }
        try {
            NodeLife again = starter.beforeLog();
            if (!take(again)) {
                starter.closeQueueBeforeLog();
                return before;
            }
            before.leave(starter.endedLives(), END_OF_LIFE);
            return again;
        } catch (RuntimeException | Error e) {
            failures.warn("node=" + id() + " cannot queue writes until it tries its log again", e);
            starter.closeQueueBeforeLog();
            return before;
        }
    }

    /** Leaves a generation that has ended, and tries until it is in the next one or closed. */
    private void move(NodeLife from, GenerationEndedException end) {
        LOG.error(
                "node={} leaves generation={}: {}; what its local tiers hold is dropped",
                id(),
                from.parts().sequencer().generation(),
                end.getMessage());
        lifecycle.become(NodeState.STARTING);
        try {
            from.retire(starter.endedLives(), END_OF_LIFE);
        } catch (RuntimeException | Error e) {
            LOG.error("node={} failed to end its life in the old generation", id(), e);
        }
        while (lifecycle.state() != NodeState.CLOSED) {
            try {
                enter(starter.live(starter.options().awaitReady()));
                starter.endedLives().areReplaced();
                return;
            } catch (RuntimeException | Error e) {
                LOG.warn("node={} could not enter the log's new generation yet", id(), e);
            }
            pause();
        }
    }

    private void enter(NodeLife next) {
        var unused = take(next);
        watch(next);
        LOG.info(
                "node={} has entered generation={}",
                id(),
                next.parts().sequencer().generation());
    }

    /** Leads all calls into another life; false if the node was closed meanwhile, and the life ended at once. */
    private boolean take(NodeLife next) {
        List<CacheEngine<?, ?>> engines = new ArrayList<>();
        boolean entered = false;
        try {
            synchronized (this) {
                if (lifecycle.state() != NodeState.CLOSED) {
                    for (CacheHandle<?, ?> handle : open.all()) {
                        CacheEngine<?, ?> engine = handle.reopen(next);
                        if (engine != null) {
                            engines.add(engine);
                        }
                    }
                    life = next;
                    entered = true;
                }
            }
        } finally {
            if (!entered) {
                next.shutdown().end(END_OF_LIFE);
            }
        }
        engines.forEach(NodeEngine::startAgain);
        return entered;
    }

    private static void startAgain(CacheEngine<?, ?> engine) {
        try {
            engine.upkeep().start();
        } catch (CacheClosedException e) {
            LOG.debug("cache={} was closed while the node entered another generation", engine.name(), e);
        }
    }

    private void pause() {
        try {
            var unused = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close(Duration timeout) {
        if (!lifecycle.close()) {
            return;
        }
        closing.countDown();
        TimeSource time = starter.options().time();
        long deadline = time.monotonicNanos() + Durations.nanos(timeout);
        int left = lifecycle.awaitIdle(timeout);
        if (left > 0) {
            LOG.warn("node={} closes with {} calls still under way after {}", id(), left, timeout);
        }
        NodeLife last;
        synchronized (this) {
            last = life;
        }
        open.all().stream().filter(CacheHandle::isClosed).forEach(handle -> open.awaitReleased(handle, deadline));
        last.shutdown().end(left(time, deadline));
        starter.end(left(time, deadline));
    }

    private static Duration left(TimeSource time, long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - time.monotonicNanos()));
    }

    @Override
    public String toString() {
        return "G2Node[id=" + id() + ", state=" + lifecycle.state() + ", caches=" + open + "]";
    }
}
