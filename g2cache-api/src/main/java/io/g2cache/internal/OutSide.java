package io.g2cache.internal;

import io.g2cache.G2CacheException;
import io.g2cache.OutRebuild;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A node's side of an out tier that is materialised from the log: its ledger, the trust in its values, and redos.
 *
 * <p>Concurrency: any thread. Redos come from the tailer, doubts from the out tier, {@link #housekeeping} from the housekeeper;
 * at most one reading of the ledger is under way.
 */
final class OutSide implements OutDoubts, EventApplier.RedoListener {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration READ_INTERVAL = Duration.ofMillis(400);

    private final SyncLog log;
    private final OutTiers tiers;
    private final OutLedger ledger;
    private final FillFence fence;
    private final TimeSource time;
    private final OutTrust trust;
    private final RedoWriter writer;
    private final OutRebuilds rebuilds;
    private final LocalRedo localRedo;
    private final Map<String, EventApplier.Target> targets;
    private final LimitedLog failures;
    private final AtomicReference<@Nullable CompletableFuture<Void>> reading = new AtomicReference<>();
    private volatile long readNanos;
    private volatile @Nullable Materialiser materialiser;

    /** Opens the ledger. The supplier gives the wall-clock moment as of which this node has read the whole log. */
    OutSide(
            SyncLog log,
            OutTiers tiers,
            FillFence fence,
            String nodeId,
            AppendDeadlines appends,
            Map<String, EventApplier.Target> targets,
            LongSupplier nodeFreshAsOfMillis,
            TimeSource time) {
        this.log = log;
        this.tiers = tiers;
        this.fence = fence;
        this.time = time;
        this.targets = targets;
        this.failures = new LimitedLog(LoggerFactory.getLogger(OutSide.class), time);
        this.trust = new OutTrust(log.partitions(), time, nodeFreshAsOfMillis);
        this.writer = new RedoWriter(log, nodeId, trust, appends, time, failures);
        this.rebuilds = new OutRebuilds(log, nodeId, appends, time);
        this.localRedo = new LocalRedo(log, fence, targets, time);
        this.readNanos = time.monotonicNanos() - READ_INTERVAL.toNanos();
        this.ledger = tiers.openLedger(this);
    }

    /**
     * Where this node has to begin to read the log, so that it may use the out tier: no later than what is materialised there, as
     * far as the tier says so in time. Where it does not, its values are used only when it is.
     */
    LogPosition startAt(LogPosition wanted, Duration timeout) {
        LogPosition start = wanted;
        try {
            Duration patience = timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE;
            Map<Integer, OutProgress> held = LogSide.get(ledger.progress(), patience, "progress in the out tier");
            start = wanted.min(published(held, wanted));
            if (held.isEmpty()) {
                LogSide.get(begin(wanted), patience, "first progress in the out tier");
            }
        } catch (G2CacheException e) {
            failures.warn("the out tier does not tell its progress; its values are not used until it does", e);
        }
        trust.startAt(start);
        return start;
    }

    /**
     * An empty tier accounts for whatever has happened. That is written down before the first entry, so that a ledger without a
     * record has always lost it.
     */
    private CompletableFuture<Void> begin(LogPosition position) {
        CompletableFuture<?>[] published = new CompletableFuture<?>[position.partitions()];
        for (int p = 0; p < published.length; p++) {
            published[p] = ledger.publish(p, null, new OutProgress(position.offset(p), Long.MIN_VALUE, -1));
        }
        return CompletableFuture.allOf(published);
    }

    private static LogPosition published(Map<Integer, OutProgress> held, LogPosition otherwise) {
        long[] offsets = new long[otherwise.partitions()];
        for (int p = 0; p < offsets.length; p++) {
            OutProgress progress = held.get(p);
            offsets[p] = progress == null ? otherwise.offset(p) : progress.committed();
        }
        return LogPosition.of(offsets);
    }

    /** This node's materialiser, which is to be driven. Called once. */
    Materialiser materialise() {
        Materialiser made = new Materialiser(log, tiers, ledger, localRedo, targets, time);
        materialiser = made;
        return made;
    }

    /** This node has read the log to its end as of its start. */
    void caughtUp() {
        trust.caughtUp();
    }

    /** The gate of one cache. */
    OutGate gate(long maxStalenessMillis) {
        return trust.gate(maxStalenessMillis, this::readLedger);
    }

    /** Reads the ledger, writes redos where the tier is in doubt, and ends what is overdue. */
    void housekeeping() {
        writer.step();
        rebuilds.expire();
        if (time.monotonicNanos() - readNanos >= READ_INTERVAL.toNanos()) {
            var unused = readLedger();
        }
    }

    /**
     * Takes what the ledger says: progress first, then the floors, which were raised before it. Never fails; joins a reading that
     * is under way.
     */
    private CompletableFuture<Void> readLedger() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = reading.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        readNanos = time.monotonicNanos();
        var unused = ledger.progress()
                .thenCompose(progress -> ledger.floors().thenAccept(floors -> take(progress, floors)))
                .whenComplete((taken, failure) -> {
                    reading.set(null);
                    if (failure != null) {
                        failures.warn("the ledger of the out tier cannot be read", Failures.origin(failure));
                    }
                    mine.complete(null);
                });
        return mine;
    }

    private void take(Map<Integer, OutProgress> progress, Map<Integer, Long> floors) {
        floors.forEach((partition, version) -> {
            if (partition >= 0 && partition < log.partitions()) {
                fence.outGap(partition, version);
            }
        });
        trust.ledger(progress);
        fence.committed(trust.committed());
        rebuilds.ledger(progress);
    }

    @Override
    public void onRedo(int partition, long offset, Event.Redo redo) {
        trust.redo(partition, offset);
        fence.refuseCopies(partition, offset);
        writer.seen(partition, offset, redo);
        localRedo.add(partition, offset, Math.min(redo.from(), offset), Math.min(redo.to(), offset));
    }

    /** What a local tier accounts for, when this node has applied events up to the position. */
    LogPosition applied(LogPosition position) {
        return localRedo.applied(position);
    }

    @Override
    public void doubt(long sinceMillis, String reason) {
        writer.doubt(sinceMillis, reason);
        Materialiser own = materialiser;
        if (own != null) {
            own.doubt();
        }
    }

    /** Asks for a rebuild of the tier. */
    OutRebuild rebuild(Duration timeout) {
        return rebuilds.start(timeout);
    }

    /** Ends what waits for the tier. */
    void close() {
        rebuilds.close();
    }
}
