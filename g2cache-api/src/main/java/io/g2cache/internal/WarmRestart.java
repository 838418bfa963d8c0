package io.g2cache.internal;

import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.Restored;
import io.g2cache.spi.StatsRecorder;
import io.g2cache.spi.StatsRecorder.Counter;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TagFloor;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the entries of one cache's local tier outlive the node: notes checkpoints beside them, and brings what is found at
 * the next opening up to date before it is served.
 *
 * <p>A checkpoint never runs ahead of what was applied: its position is taken first, and moves only after applying; its
 * floors are taken afterwards, those of tags first, as one that is forced out is with its partition's then. At the opening, the cache is made known to the tailer first, and the log's end
 * is asked for afterwards. An event that the tailer has applied without this cache was in the log by then, so that the replay
 * from the checkpoint to that end and what the tailer brings leave no event out; those that come twice or out of order
 * change nothing, because a tier only ever moves a key to a higher version. An older put that comes after a newer event is
 * refused by the fence, as any late fill is.
 *
 * <p>Concurrency: {@link #bringUp} is called once, before the cache is handed out; {@link #checkpoint} by the housekeeper
 * and at the end, one at a time by the monitor.
 */
final class WarmRestart {
    private static final Logger LOG = LoggerFactory.getLogger(WarmRestart.class);
    private static final Duration LONGEST_POLL = Duration.ofMillis(50);

    private final KeySpace keySpace;
    private final Tiers<?, ?> tiers;
    private final Sequencer sequencer;
    private final @Nullable SyncLog log;
    private final Lifecycle lifecycle;
    private final StatsRecorder stats;
    private final TimeSource time;
    private final Duration timeout;
    private volatile boolean upToDate;

    WarmRestart(KeySpace keySpace, Tiers<?, ?> tiers, NodeParts node, StatsRecorder stats, NodeOptions options) {
        this.keySpace = keySpace;
        this.tiers = tiers;
        this.sequencer = node.sequencer();
        this.log = node.log();
        this.lifecycle = node.lifecycle();
        this.stats = stats;
        this.time = options.time();
        this.timeout = options.startTimeout();
    }

    /**
     * Replays what the tier has missed, and opens it. Blocks for at most the node's start timeout; a tier that cannot be
     * brought up to date in that time, or at all, starts empty, with a line in the log that says why.
     *
     * @throws NodeClosedException if the node is closed meanwhile; what the tier has kept stays as it is
     * @throws SyncLogException if the caller is interrupted; the same
     */
    void bringUp() {
        Restored restored = tiers.local().restored();
        if (restored != null && restored.entries() > 0) {
            try {
                bringUp(restored);
            } catch (NodeClosedException e) {
                throw e;
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                stats.count(Counter.COLD_START);
                LOG.warn(
                        "cache={} starts empty: entries={} kept from before could not be brought up to date",
                        keySpace.cache(),
                        restored.entries(),
                        e);
                tiers.local().discardAll();
            }
        }
        upToDate = true;
        tiers.serve();
    }

    private void bringUp(Restored restored) {
        Checkpoint checkpoint = restored.checkpoint();
        if (checkpoint.position().partitions() != keySpace.partitions()) {
            throw new IllegalStateException("checkpoint of partitions="
                    + checkpoint.position().partitions() + ", the log has partitions=" + keySpace.partitions());
        }
        for (int p = 0; p < keySpace.partitions(); p++) {
            tiers.floors().raise(p, checkpoint.floors().offset(p));
            sequencer.observed(checkpoint.floors().offset(p));
            sequencer.observed(restored.newest().offset(p));
        }
        for (TagFloor floor : checkpoint.tagFloors()) {
            tiers.floors().raiseTag(floor.partition(), floor.tag(), floor.version());
            sequencer.observed(floor.version());
        }
        long started = time.monotonicNanos();
        long replayed = log == null ? 0 : replay(log, restored, started + timeout.toNanos());
        LOG.info(
                "cache={} starts warm: entries={} kept from before, events={} replayed from {} in milliseconds={}",
                keySpace.cache(),
                restored.entries(),
                replayed,
                checkpoint.position(),
                (time.monotonicNanos() - started) / 1_000_000);
    }

    private long replay(SyncLog from, Restored restored, long deadline) {
        LogPosition position = restored.checkpoint().position();
        LogPosition start = LogSide.get(from.startOffsets(), left(deadline), "start offsets");
        LogPosition end = LogSide.get(from.endOffsets(), left(deadline), "end offsets");
        requireNotTruncated(restored, end);
        dropWhatRetentionHasPassed(position, start);
        Replay replay = new Replay(keySpace, tiers, stats, position.max(start));
        if (replay.hasReached(end)) {
            return 0;
        }
        try (LogReader reader = from.tail(position.max(start))) {
            while (!replay.hasReached(end)) {
                if (lifecycle.state() == NodeState.CLOSED) {
                    throw new NodeClosedException(
                            "the node was closed while cache=" + keySpace.cache() + " was opened");
                }
                if (time.monotonicNanos() - deadline >= 0) {
                    throw new SyncLogException(
                            Outcome.FAILED,
                            "the replay from " + position + " to " + end + " has only come to " + replay.position()
                                    + " after " + timeout);
                }
                reader.poll(LONGEST_POLL, replay);
            }
        }
        return replay.events();
    }

    /**
     * Retention has deleted events that this tier has not seen. They can only concern entries that have expired, as long as
     * the longest lifetime and the retention were not made shorter meanwhile; so whatever may be older is dropped.
     */
    private void dropWhatRetentionHasPassed(LogPosition position, LogPosition start) {
        for (int p = 0; p < keySpace.partitions(); p++) {
            if (position.offset(p) < start.offset(p)) {
                tiers.floors().raise(p, start.offset(p) - 1);
            }
        }
    }

    /** A log that ends before something that this node has seen of it is not the log that it was. */
    private void requireNotTruncated(Restored restored, LogPosition end) {
        for (int p = 0; p < end.partitions(); p++) {
            long position = restored.checkpoint().position().offset(p);
            long newest = restored.newest().offset(p);
            if (position > end.offset(p) || newest >= end.offset(p)) {
                throw new IllegalStateException("the log was truncated: partition=" + p + " ends at offset="
                        + end.offset(p) + ", the checkpoint has position=" + position
                        + " and the newest entry version=" + newest);
            }
        }
    }

    private Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - time.monotonicNanos()));
    }

    /**
     * Notes how far the tier is, unless it is still being brought up to date.
     *
     * @throws io.g2cache.TierException if the tier could not write it
     */
    synchronized void checkpoint() {
        if (upToDate) {
            LogPosition position = sequencer.position();
            List<TagFloor> tagFloors = tiers.floors().tagSnapshot();
            tiers.local().checkpoint(new Checkpoint(position, tiers.floors().snapshot(), tagFloors));
        }
    }
}
