package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import io.g2cache.spi.OutProgress;
import io.g2cache.spi.TimeSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether values of the out tier may be used, partition by partition. They may not
 *
 * <ul>
 *   <li>before the node has read the log to its end as of its start, and the tier's ledger once;
 *   <li>before the tier's materialiser has come to where this node began to read: older events are not known here one by one;
 *   <li>while the tier is in doubt, until the {@link io.g2cache.spi.Event.Redo} for it is in the log; and while a redo is open, until the
 *       materialiser has published that it is past it;
 *   <li>while neither this node nor the partition's materialiser is proven fresh within what the cache allows; without the node,
 *       the tier's floors must have been learnt as late.
 * </ul>
 *
 * <p>The last compares the wall clocks of two nodes: an error between them counts in full, in either direction. The ledger is
 * taken as it is, also when it falls back: what it says is true of the tier that it was read from, and of no other.
 *
 * <p>Concurrency: any thread; each partition's state is a few numbers that are read one by one. The tailer opens redos, the
 * readers of the ledger raise what closes them, so that a late answer can only close the gate for longer.
 */
final class OutTrust {
    private static final long NO_REDO = -1;

    private final TimeSource time;
    private final LongSupplier nodeFreshAsOfMillis;
    private final AtomicLongArray start;
    private final AtomicLongArray committed;
    private final AtomicLongArray freshAsOf;
    private final AtomicLongArray redos;
    private final AtomicIntegerArray doubted;
    private volatile boolean ledgerKnown;
    private volatile boolean caughtUp;

    /** The supplier gives the wall-clock moment as of which this node has read the whole log. */
    OutTrust(int partitions, TimeSource time, LongSupplier nodeFreshAsOfMillis) {
        this.time = time;
        this.nodeFreshAsOfMillis = nodeFreshAsOfMillis;
        this.start = new AtomicLongArray(partitions);
        this.committed = new AtomicLongArray(partitions);
        this.freshAsOf = new AtomicLongArray(partitions);
        this.redos = new AtomicLongArray(partitions);
        this.doubted = new AtomicIntegerArray(partitions);
        for (int p = 0; p < partitions; p++) {
            freshAsOf.set(p, Long.MIN_VALUE);
            redos.set(p, NO_REDO);
        }
    }

    /** Where this node begins to read the log. */
    void startAt(LogPosition position) {
        for (int p = 0; p < start.length(); p++) {
            start.set(p, position.offset(p));
        }
    }

    /** The log was read to its end as of the node's start. */
    void caughtUp() {
        caughtUp = true;
    }

    /** The gate of one cache. */
    OutGate gate(long maxStalenessMillis, Supplier<CompletableFuture<Void>> ledger) {
        return new OutGate() {
            @Override
            public boolean isOpen(int partition, long floorsAsOfMillis) {
                return trusts(partition, maxStalenessMillis, floorsAsOfMillis);
            }

            @Override
            public long closesAtMillis(int partition, long floorsAsOfMillis) {
                long until = trustedUntilMillis(partition, maxStalenessMillis, floorsAsOfMillis);
                return until == Long.MIN_VALUE || dependsOnTier()
                        ? until
                        : nodeFreshAsOfMillis.getAsLong() + maxStalenessMillis;
            }

            @Override
            public long tierAsOfMillis(int partition) {
                return freshAsOf.get(partition);
            }

            @Override
            public boolean dependsOnTier() {
                return !isFresh(nodeFreshAsOfMillis.getAsLong(), time.wallMillis(), maxStalenessMillis / 2);
            }

            @Override
            public CompletableFuture<Void> learn() {
                return ledgerKnown ? CompletableFuture.completedFuture(null) : ledger.get();
            }
        };
    }

    /**
     * Whether the values of a partition may be used, by a cache that allows this staleness. Where the node itself is not that fresh,
     * the tier and the floors that were taken from it must be.
     */
    boolean trusts(int partition, long maxStalenessMillis, long floorsAsOfMillis) {
        return time.wallMillis() < trustedUntilMillis(partition, maxStalenessMillis, floorsAsOfMillis);
    }

    /** The wall-clock moment at which that trust ends, as far as is known now; {@link Long#MIN_VALUE} where there is none. */
    private long trustedUntilMillis(int partition, long maxStalenessMillis, long floorsAsOfMillis) {
        if (!ledgerKnown || !caughtUp || doubted.get(partition) != 0) {
            return Long.MIN_VALUE;
        }
        long done = committed.get(partition);
        if (done <= redos.get(partition) || done < start.get(partition)) {
            return Long.MIN_VALUE;
        }
        long asOf = Math.max(nodeFreshAsOfMillis.getAsLong(), Math.min(freshAsOf.get(partition), floorsAsOfMillis));
        return asOf == Long.MIN_VALUE ? asOf : asOf + maxStalenessMillis;
    }

    private static boolean isFresh(long asOf, long now, long maxStalenessMillis) {
        return asOf != Long.MIN_VALUE && now - asOf < maxStalenessMillis;
    }

    /** What the ledger says now. */
    void ledger(Map<Integer, OutProgress> progress) {
        for (int p = 0; p < committed.length(); p++) {
            OutProgress published = progress.get(p);
            freshAsOf.set(p, published == null ? Long.MIN_VALUE : published.freshAsOfMillis());
            committed.set(p, published == null ? 0 : published.committed());
        }
        ledgerKnown = true;
    }

    /** What the ledger said last: the next offset that is materialised, in each partition. */
    LogPosition committed() {
        long[] offsets = new long[committed.length()];
        for (int p = 0; p < offsets.length; p++) {
            offsets[p] = committed.get(p);
        }
        return LogPosition.of(offsets);
    }

    /** A redo was read, or written, at this offset. */
    void redo(int partition, long offset) {
        redos.accumulateAndGet(partition, offset, Math::max);
    }

    /** The tier may have lost something; no partition is trusted until its redo is known. */
    void doubtAll() {
        for (int p = 0; p < doubted.length(); p++) {
            doubted.set(p, 1);
        }
    }

    /** The log has a redo that covers the doubt. */
    void settled(int partition) {
        doubted.set(partition, 0);
    }
}
