package io.g2cache.chronicle;

import io.g2cache.TierException;
import io.g2cache.spi.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets many readers or one writer into a segment. It lies on the heap and not in the map's memory, so that it can be asked
 * when that memory is gone, and so that a process that dies while it reads leaves no trace in a file.
 *
 * <p>Concurrency: one word holds the readers inside, the writers that wait, and whether a writer is inside. A reader adds
 * itself first and looks then; where a writer waits or is inside, it takes itself back and waits, so that readers cannot
 * keep a writer out for ever. Nor can writers keep a reader out: one that has waited for a while, and seen others
 * pass, passes those that wait, and until it is inside no other writer gets in. Waiting is spinning, then short naps; holders take microseconds. Not reentrant,
 * but for readers that say so.
 */
final class SegmentLock {
    private static final long LIMIT_SECONDS = 60;

    private static final long READER = 1;
    private static final long WAITING_WRITER = 1L << 32;
    private static final long WRITER = 1L << 62;
    private static final long READERS = WAITING_WRITER - 1;

    /** How long a reader lets writers pass. */
    private static final long READERS_PATIENCE_NANOS = 1_000_000;

    private static final int SPINS = 256;
    private static final long NAP_NANOS = 20_000;

    private static final VarHandle STATE = state();

    private final AtomicInteger overdueReaders = new AtomicInteger();
    private volatile long state;

    /** Writers that were inside; written by the one that is, read for a hint. */
    private int written;

    private static VarHandle state() {
        try {
            return MethodHandles.lookup().findVarHandle(SegmentLock.class, "state", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Lets a reader in, who must {@link #unlockRead}.
     *
     * @param nested whether the thread may be inside already; then it passes a writer that waits, perhaps for this thread
     * @throws TierException if a writer stays inside for a minute
     */
    void lockRead(boolean nested) {
        long before = (long) STATE.getAndAdd(this, READER);
        if (before >= WAITING_WRITER && !mayRead(before, nested)) {
            STATE.getAndAdd(this, -READER);
            awaitRead(nested);
        }
    }

    private static boolean mayRead(long seen, boolean nested) {
        return seen < (nested ? WRITER : WAITING_WRITER);
    }

    private void awaitRead(boolean nested) {
        Patience patience = new Patience(TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
        int writtenBefore = written;
        boolean overdue = false;
        try {
            while (true) {
                long seen = state;
                if (mayRead(seen, nested || overdue)) {
                    if (STATE.compareAndSet(this, seen, seen + READER)) {
                        return;
                    }
                } else if (!patience.pause()) {
                    throw timedOut();
                } else if (!overdue && written - writtenBefore > 1 && patience.isAbove(READERS_PATIENCE_NANOS)) {
                    overdue = true;
                    overdueReaders.incrementAndGet();
                }
            }
        } finally {
            if (overdue) {
                overdueReaders.decrementAndGet();
            }
        }
    }

    void unlockRead() {
        STATE.getAndAdd(this, -READER);
    }

    /**
     * Lets a writer in when all others have left; it must {@link #unlockWrite}.
     *
     * @throws TierException if somebody stays inside for a minute
     */
    void lockWrite() {
        if (!tryLockWrite(TimeUnit.SECONDS.toNanos(LIMIT_SECONDS))) {
            throw timedOut();
        }
    }

    /** The same with a limit of its own; false if it has passed. */
    boolean tryLockWrite(long limitNanos) {
        if (overdueReaders.get() == 0 && STATE.compareAndSet(this, 0L, WRITER)) {
            return true;
        }
        STATE.getAndAdd(this, WAITING_WRITER);
        Patience patience = new Patience(limitNanos);
        while (true) {
            long seen = state;
            if (seen < WRITER && (seen & READERS) == 0 && overdueReaders.get() == 0) {
                if (STATE.compareAndSet(this, seen, seen - WAITING_WRITER + WRITER)) {
                    return true;
                }
            } else if (!patience.pause()) {
                STATE.getAndAdd(this, -WAITING_WRITER);
                return false;
            }
        }
    }

    void unlockWrite() {
        written++;
        STATE.getAndAdd(this, -WRITER);
    }

    private TierException timedOut() {
        return new TierException("a segment was locked for seconds=" + LIMIT_SECONDS
                + ": a codec blocks or calls its own cache; lock state=" + Long.toHexString(state));
    }

    /** One wait: ever longer pauses until the limit. */
    private static final class Patience {
        private final long limitNanos;
        private final long start = TimeSource.SYSTEM.monotonicNanos();
        private int pauses;

        Patience(long limitNanos) {
            this.limitNanos = limitNanos;
        }

        boolean isAbove(long nanos) {
            return pauses >= SPINS && TimeSource.SYSTEM.monotonicNanos() - start >= nanos;
        }

        boolean pause() {
            if (pauses < SPINS) {
                Thread.onSpinWait();
            } else if (TimeSource.SYSTEM.monotonicNanos() - start >= limitNanos) {
                return false;
            } else {
                LockSupport.parkNanos(NAP_NANOS);
                return true;
            }
            pauses++;
            return true;
        }
    }
}
