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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

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
    private final Map<Integer, Long> tailed = new ConcurrentHashMap<>();
    private volatile boolean isCut;

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

    /** Cuts this node off from the log, or ends that: appends and questions fail, and polls hand nothing over. */
    public void cut(boolean value) {
        isCut = value;
    }

    private <T> CompletableFuture<T> unlessCut(Supplier<CompletableFuture<T>> call) {
        return isCut
                ? CompletableFuture.failedFuture(
                        new SyncLogException(Outcome.FAILED, "injected fault: the node is cut off from the log"))
                : call.get();
    }

    /** The next offset of a partition that this node's tail will hand over; everything before it has been taken. */
    public long tailed(int partition) {
        return tailed.getOrDefault(partition, 0L);
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
            return unlessCut(() -> appendOrFail(partition, event));
        }

        private CompletableFuture<Long> appendOrFail(int partition, Event event) {
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
            return new FaultyReader(log, log.tail(from), faults, tailHeldBack::get, () -> isCut, tailed::put);
        }

        @Override
        public LogReader replay(LogPosition from) {
            return new FaultyReader(log, log.replay(from), faults, tailHeldBack::get, () -> isCut, (p, next) -> {});
        }

        @Override
        public LogReader tail(int partition, long from) {
            return new FaultyReader(log, log.tail(partition, from), faults, () -> 0, () -> isCut, (p, next) -> {});
        }

        @Override
        public LogReader materialiser() {
            return new FaultyReader(
                    log, log.materialiser(), faults, materialiserHeldBack::get, () -> isCut, (p, next) -> {});
        }

        @Override
        public CompletableFuture<LogPosition> startOffsets() {
            return unlessCut(log::startOffsets);
        }

        @Override
        public CompletableFuture<LogPosition> endOffsets() {
            return unlessCut(log::endOffsets);
        }

        @Override
        public CompletableFuture<LogPosition> committed() {
            return unlessCut(log::committed);
        }

        @Override
        public CompletableFuture<LogPosition> positionBefore(Duration age) {
            return unlessCut(() -> log.positionBefore(age));
        }

        @Override
        public CompletableFuture<Void> announceTruncation(String evidence) {
            return unlessCut(() -> log.announceTruncation(evidence));
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
