package io.g2cache.internal;

import io.g2cache.CacheSpec;
import io.g2cache.CatchUp;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TagFloor;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the entries of one cache's local tier outlive the node: notes checkpoints beside them, and brings what is found at
 * the next opening up to date before it is served.
 *
 * <p>A checkpoint never runs ahead of what was applied: its position is taken first, and moves only after applying; its
 * floors are taken afterwards, those of tags first, as one that is forced out is with its partition's then. At the opening, the
 * cache is made known to the tailer first, and the log's end is asked for afterwards. What the tailer leaves out until it
 * takes over, the replay applies ({@link Handover}).
 *
 * <p>Concurrency: {@link #bringUp} is called once, before the cache is handed out; {@link #checkpoint} by the housekeeper
 * and at the end, one at a time by the monitor; the replay ends on whichever thread drives it.
 */
final class WarmRestart {
    private static final Logger LOG = LoggerFactory.getLogger(WarmRestart.class);
    private static final Duration WAIT = Duration.ofMillis(50);

    private final KeySpace keySpace;
    private final Tiers<?, ?> tiers;
    private final NodeParts node;
    private final CacheLife life;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final Duration timeout;
    private final boolean waits;
    private final boolean preload;
    private final @Nullable Duration serveWhileCatchingUp;
    private final CompletableFuture<Void> upToDate = new CompletableFuture<>();
    private boolean isLastTaken;
    private volatile @Nullable CacheReplay replay;
    private volatile Runnable stopReplay = () -> {};

    WarmRestart(
            CacheSpec<?, ?> spec,
            KeySpace keySpace,
            Tiers<?, ?> tiers,
            NodeParts node,
            CacheLife life,
            StatsRecorder stats,
            NodeOptions options) {
        this.keySpace = keySpace;
        this.tiers = tiers;
        this.node = node;
        this.life = life;
        this.stats = stats;
        this.time = options.time();
        this.timeout = options.startTimeout();
        this.preload = spec.preload();
        this.serveWhileCatchingUp = spec.serveWhileCatchingUp().orElse(null);
        this.waits = options.awaitReady() && serveWhileCatchingUp == null;
    }

    /**
     * Replays what the tier has missed, and lets it be served. Blocks for at most the node's start timeout, or not at all where
     * that was chosen; what is left then goes on behind the callers' backs. A tier that cannot be brought up to date starts
     * empty, with a line in the log that says why.
     *
     * @throws io.g2cache.NodeClosedException if the node is closed meanwhile; what the tier has kept stays as it is
     * @throws io.g2cache.CacheClosedException if the cache is; the same
     * @throws SyncLogException if the caller is interrupted; the same
     */
    void bringUp() {
        Restored restored = kept();
        SyncLog log = node.log();
        if (log != null && (restored != null || preload)) {
            replay(log, restored);
            return;
        }
        if (restored != null) {
            believeFloors(restored);
            LOG.info("cache={} starts warm: entries={} kept", keySpace.cache(), restored.entries());
        }
        served();
    }

    private @Nullable Restored kept() {
        Restored restored = tiers.local().restored();
        return restored != null && restored.entries() > 0 ? restored : null;
    }

    private void replay(SyncLog log, @Nullable Restored restored) {
        CacheReplay started;
        try {
            started = prepared(log, restored);
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            startEmpty(restored, e);
            return;
        }
        replay = started;
        if (waits) {
            long deadline = time.monotonicNanos() + timeout.toNanos();
            while (!started.isOver() && time.monotonicNanos() - deadline < 0) {
                started.doWork(WAIT);
            }
        }
        if (!started.isOver()) {
            LOG.info(
                    "cache={} is brought up to date behind its callers' backs: {}",
                    keySpace.cache(),
                    started.progress());
            stopReplay = node.agents().runUntil(started, started::isOver);
            if (life.isClosed()) {
                stopReplay.run();
            }
        }
    }

    /** The cache or its node is closed: what is still to be replayed is left to the next opening. Does not wait. */
    void stop(RuntimeException why) {
        upToDate.completeExceptionally(why);
        stopReplay.run();
    }

    private CacheReplay prepared(SyncLog log, @Nullable Restored restored) {
        LogPosition first = LogSide.get(log.startOffsets(), timeout, "start offsets");
        LogPosition end = LogSide.get(log.endOffsets(), timeout, "end offsets");
        LogPosition from = first;
        if (restored != null) {
            from = restored.checkpoint().position();
            if (from.partitions() != keySpace.partitions()) {
                throw new IllegalStateException("checkpoint of partitions=" + from.partitions()
                        + ", the log has partitions=" + keySpace.partitions());
            }
            believeFloors(restored);
            requireNotTruncated(restored, end);
            dropWhatRetentionHasPassed(from, first);
        }
        LogPosition start = from.max(first);
        Duration staleness = serveWhileCatchingUp;
        return new CacheReplay(
                keySpace.cache(),
                life,
                log,
                tiers.handover(),
                new Replay(keySpace, tiers, stats, start),
                end,
                timeout,
                staleness == null || restored == null ? null : new AgeProof(log, tiers.gate(), time, staleness),
                time,
                new Ending(restored, start));
    }

    private void believeFloors(Restored restored) {
        Checkpoint checkpoint = restored.checkpoint();
        for (int p = 0; p < keySpace.partitions(); p++) {
            tiers.floors().raiseLocal(p, checkpoint.floors().offset(p));
            node.sequencer().observed(p, checkpoint.floors().offset(p));
            node.sequencer().observed(p, restored.newest().offset(p));
        }
        for (TagFloor floor : checkpoint.tagFloors()) {
            tiers.floors().raiseTag(floor.partition(), floor.tag(), floor.version());
            node.sequencer().observed(floor.partition(), floor.version());
        }
    }

    /**
     * Retention has deleted events that this tier has not seen. They can only concern entries that have expired, as long as
     * the longest lifetime and the retention were not made shorter meanwhile; so whatever may be older is dropped.
     */
    private void dropWhatRetentionHasPassed(LogPosition position, LogPosition start) {
        for (int p = 0; p < keySpace.partitions(); p++) {
            if (position.offset(p) < start.offset(p)) {
                tiers.floors().raiseLocal(p, start.offset(p) - 1);
                stats.count(Counter.GAP);
                LOG.warn(
                        "gap in the log: partition={} starts at offset={}, cache={} had come to position={}; what it kept from"
                                + " before that start is dropped",
                        p,
                        start.offset(p),
                        keySpace.cache(),
                        position.offset(p));
            }
        }
    }

    /** A log that ends before something that this node has seen of it is not the log that it was. */
    private void requireNotTruncated(Restored restored, LogPosition end) {
        for (int p = 0; p < end.partitions(); p++) {
            long position = restored.checkpoint().position().offset(p);
            long newest = restored.newest().offset(p);
            if (position > end.offset(p) || newest >= end.offset(p)) {
                String evidence = "partition=" + p + " ends at offset=" + end.offset(p) + ", the checkpoint of cache="
                        + keySpace.cache() + " has position=" + position + " and the newest entry version=" + newest;
                GenerationEnd generation = node.generation();
                if (generation != null) {
                    generation.truncated(evidence);
                }
                throw new IllegalStateException("the log was truncated: " + evidence);
            }
        }
    }

    /** How a replay ends. */
    private final class Ending implements CacheReplay.Outcomes {
        private final @Nullable Restored restored;
        private final LogPosition from;
        private final long startedNanos = time.monotonicNanos();

        Ending(@Nullable Restored restored, LogPosition from) {
            this.restored = restored;
            this.from = from;
        }

        @Override
        public void done(long events) {
            LOG.info(
                    "cache={} starts warm: entries={} kept from before, events={} replayed from {} in milliseconds={}",
                    keySpace.cache(),
                    restored == null ? 0 : restored.entries(),
                    events,
                    from,
                    TimeUnit.NANOSECONDS.toMillis(time.monotonicNanos() - startedNanos));
            served();
        }

        @Override
        public void failed(RuntimeException failure) {
            startEmpty(restored, failure);
        }
    }

    /** The tailer takes over first, so that nothing that a load stores from here on is left out by it. */
    private void startEmpty(@Nullable Restored restored, RuntimeException failure) {
        stats.count(Counter.COLD_START);
        LOG.warn(
                "cache={} starts empty: entries={} kept from before could not be brought up to date",
                keySpace.cache(),
                restored == null ? 0 : restored.entries(),
                failure);
        tiers.handover().end();
        tiers.local().discardAll();
        served();
    }

    private void served() {
        tiers.handover().end();
        Freshness freshness = node.freshness();
        if (freshness == null) {
            tiers.gate().openForever();
        } else {
            tiers.gate().follow();
            freshness.tick();
        }
        upToDate.complete(null);
    }

    /**
     * Waits until the tier accounts for every event that the tailer has applied.
     *
     * @throws SyncLogException if that takes longer
     */
    void awaitUpToDate(Duration longest) {
        try {
            upToDate.get(Durations.nanos(longest), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    "cache=" + keySpace.cache() + " was not brought up to date within " + longest + ": " + progress(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.FAILED, "interrupted while waiting for cache=" + keySpace.cache(), e);
        } catch (ExecutionException e) {
            life.requireOpen();
            throw new IllegalStateException("the signal fails only when the cache or node is closed", e);
        }
    }

    boolean isUpToDate() {
        return upToDate.isDone() && !upToDate.isCompletedExceptionally();
    }

    /** How far the replay is; {@link CatchUp#NONE} where there is none. */
    CatchUp progress() {
        CacheReplay running = replay;
        return running == null ? CatchUp.NONE : running.progress();
    }

    /**
     * Notes how far the tier is, unless it is still being brought up to date, or that was noted for the last time.
     *
     * @throws io.g2cache.TierException if the tier could not write it
     */
    synchronized void checkpoint() {
        if (!isLastTaken) {
            note();
        }
    }

    /**
     * The same for the last time: the tailer is about to leave this tier out, and its position will say nothing of it.
     *
     * @throws io.g2cache.TierException if the tier could not write it
     */
    synchronized void lastCheckpoint() {
        isLastTaken = true;
        note();
    }

    private void note() {
        if (isUpToDate() && !tiers.gate().isRetired()) {
            LogPosition applied = node.sequencer().position();
            OutSide outSide = node.outSide();
            LogPosition position = outSide == null ? applied : outSide.applied(applied);
            List<TagFloor> tagFloors = tiers.floors().tagSnapshot();
            tiers.local().checkpoint(new Checkpoint(position, tiers.floors().snapshot(), tagFloors));
        }
    }
}
