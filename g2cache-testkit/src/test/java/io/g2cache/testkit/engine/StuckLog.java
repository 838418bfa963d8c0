package io.g2cache.testkit.engine;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A log that breaks its promise: appends may never complete, a tail may hand nothing over, opening a reader may fail. */
final class StuckLog implements SyncLogProvider {
    volatile boolean isStuck;
    volatile boolean isDeaf;
    volatile boolean failsToMaterialise;
    volatile boolean failsToTail;
    volatile boolean isClosed;
    final AtomicInteger stuck = new AtomicInteger();
    private final SyncLogProvider provider;

    StuckLog(SyncLogProvider provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return "stuck";
    }

    @Override
    public SyncLog open(LogContext context) {
        SyncLog log = provider.open(context);
        return new SyncLog() {
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
                if (isStuck) {
                    stuck.incrementAndGet();
                    return new CompletableFuture<>();
                }
                return log.append(partition, event);
            }

            @Override
            public LogReader tail(LogPosition from) {
                if (failsToTail) {
                    throw new IllegalStateException("no tail");
                }
                return isDeaf ? deaf(log.tail(from)) : log.tail(from);
            }

            @Override
            public LogReader tail(int partition, long from) {
                return log.tail(partition, from);
            }

            @Override
            public LogReader materialiser() {
                if (failsToMaterialise) {
                    throw new IllegalStateException("no materialiser");
                }
                return log.materialiser();
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
                isClosed = true;
                log.close();
            }
        };
    }

    private static LogReader deaf(LogReader reader) {
        LogHandler nobody = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {}

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new AssertionError("gap in partition=" + partition + ": " + reason);
            }

            @Override
            public void onPosition(int partition, long next) {}
        };
        return new LogReader() {
            @Override
            public int poll(Duration maxWait, LogHandler handler) {
                reader.poll(maxWait, nobody);
                return 0;
            }

            @Override
            public void commit() {
                reader.commit();
            }

            @Override
            public Map<Integer, Long> positions() {
                return reader.positions();
            }

            @Override
            public void hold(Set<Integer> partitions) {
                reader.hold(partitions);
            }

            @Override
            public void wakeUp() {
                reader.wakeUp();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
