package io.g2cache.testkit;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node's log with faults in between; the log itself stays whole. Without faults it behaves as the log that it wraps.
 * Thread-safe where that is.
 */
public final class FaultyLog implements SyncLogProvider {
    private final SyncLogProvider provider;
    private final Faults<LogFault> faults;
    private final LateCalls late = new LateCalls();
    private final AtomicLong tailHeldBack = new AtomicLong();
    private final AtomicLong materialiserHeldBack = new AtomicLong();

    /** Wraps a log. */
    public FaultyLog(SyncLogProvider provider, Faults<LogFault> faults) {
        this.provider = provider;
        this.faults = faults;
    }

    /** Keeps the newest events of each partition from this node's tails until the number is lowered; 0 keeps none. */
    public void holdBackTail(long events) {
        tailHeldBack.set(events);
    }

    /** The same for this node's materialisers. */
    public void holdBackMaterialiser(long events) {
        materialiserHeldBack.set(events);
    }

    /** Writes what {@link LogFault#APPEND_UNKNOWN_LATE} has kept. Returns their results. */
    public List<CompletableFuture<?>> releaseLate() {
        return late.release();
    }

    @Override
    public String name() {
        return "faulty " + provider.name();
    }

    @Override
    public SyncLog open(LogContext context) {
        return new Log(provider.open(context));
    }

    private final class Log implements SyncLog {
        private final SyncLog log;

        Log(SyncLog log) {
            this.log = log;
        }

        @Override
        public String generation() {
            return log.generation();
        }

        @Override
        public int partitions() {
            return log.partitions();
        }

        @Override
        public CompletableFuture<Long> append(int partition, Event event) {
            if (faults.strikes(LogFault.APPEND_FAILED)) {
                return failed(Outcome.FAILED, LogFault.APPEND_FAILED);
            }
            if (faults.strikes(LogFault.APPEND_REFUSED)) {
                return CompletableFuture.failedFuture(SyncLogException.refused(
                        "injected fault=" + LogFault.APPEND_REFUSED, new IllegalStateException("refused")));
            }
            if (faults.strikes(LogFault.APPEND_UNKNOWN_LOST)) {
                return failed(Outcome.UNKNOWN, LogFault.APPEND_UNKNOWN_LOST);
            }
            if (faults.strikes(LogFault.APPEND_UNKNOWN_LATE)) {
                late.add(() -> log.append(partition, event));
                return failed(Outcome.UNKNOWN, LogFault.APPEND_UNKNOWN_LATE);
            }
            if (faults.strikes(LogFault.APPEND_UNKNOWN_WRITTEN)) {
                return log.append(partition, event)
                        .thenCompose(offset -> failed(Outcome.UNKNOWN, LogFault.APPEND_UNKNOWN_WRITTEN));
            }
            return log.append(partition, event);
        }

        private CompletableFuture<Long> failed(Outcome outcome, LogFault fault) {
            return CompletableFuture.failedFuture(new SyncLogException(outcome, "injected fault=" + fault));
        }

        @Override
        public LogReader tail(LogPosition from) {
            return new FaultyReader(log, log.tail(from), faults, tailHeldBack::get);
        }

        @Override
        public LogReader tail(int partition, long from) {
            return new FaultyReader(log, log.tail(partition, from), faults, () -> 0);
        }

        @Override
        public LogReader materialiser() {
            return new FaultyReader(log, log.materialiser(), faults, materialiserHeldBack::get);
        }

        @Override
        public CompletableFuture<LogPosition> startOffsets() {
            return log.startOffsets();
        }

        @Override
        public CompletableFuture<LogPosition> endOffsets() {
            return log.endOffsets();
        }

        @Override
        public CompletableFuture<LogPosition> committed() {
            return log.committed();
        }

        @Override
        public CompletableFuture<LogPosition> positionBefore(Duration age) {
            return log.positionBefore(age);
        }

        @Override
        public CompletableFuture<Void> announceTruncation(String evidence) {
            return log.announceTruncation(evidence);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
