package io.g2cache.testkit;

import io.g2cache.GenerationEndedException;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One node's view of a {@link MemoryTopic}. Thread-safe; the topic guards everything that is shared. */
final class MemorySyncLog implements SyncLog {
    /** What an encoded event needs besides key and value. */
    private static final int OVERHEAD_BYTES = 256;

    private final MemoryTopic topic;
    private final LogContext context;
    private final String generation;
    private volatile boolean closed;

    MemorySyncLog(MemoryTopic topic, LogContext context) {
        this.topic = topic;
        this.context = context;
        this.generation = topic.generation();
    }

    @Override
    public String generation() {
        return generation;
    }

    @Override
    public int partitions() {
        return topic.partitions();
    }

    @Override
    public CompletableFuture<Long> append(int partition, Event event) {
        long bytes = bytes(event);
        if (closed) {
            return failed("the log is closed");
        }
        if (bytes > context.maximumEventBytes()) {
            return failed("event bytes=" + bytes + " exceeds maximumEventBytes=" + context.maximumEventBytes());
        }
        return answer(() -> topic.append(partition, event, context.time().wallMillis()));
    }

    private <T> CompletableFuture<T> answer(Supplier<T> question) {
        try {
            topic.requireGeneration(generation);
            return CompletableFuture.completedFuture(question.get());
        } catch (GenerationEndedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<Long> failed(String message) {
        return CompletableFuture.failedFuture(new SyncLogException(Outcome.FAILED, message));
    }

    private static long bytes(Event event) {
        if (event instanceof Event.Put put) {
            byte[] value = put.entry().value();
            return OVERHEAD_BYTES + put.key().length + (value == null ? 0L : value.length);
        }
        if (event instanceof Event.Loaded loaded) {
            byte[] value = loaded.entry().value();
            return OVERHEAD_BYTES + loaded.key().length + (value == null ? 0L : value.length);
        }
        return event instanceof Event.Invalidate invalidate ? OVERHEAD_BYTES + invalidate.key().length : OVERHEAD_BYTES;
    }

    @Override
    public LogReader tail(LogPosition from) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int p = 0; p < topic.partitions(); p++) {
            offsets.put(p, from.offset(p));
        }
        return new MemoryReader(topic, offsets);
    }

    @Override
    public LogReader tail(int partition, long from) {
        return new MemoryReader(topic, Map.of(partition, from));
    }

    @Override
    public LogReader materialiser() {
        return new MemoryReader(topic, null);
    }

    @Override
    public CompletableFuture<LogPosition> startOffsets() {
        return answer(topic::start);
    }

    @Override
    public CompletableFuture<LogPosition> endOffsets() {
        return answer(() -> topic.end());
    }

    @Override
    public CompletableFuture<LogPosition> committed() {
        return answer(() -> topic.committed());
    }

    @Override
    public CompletableFuture<LogPosition> positionBefore(Duration age) {
        return answer(() -> topic.since(context.time().wallMillis() - age.toMillis()));
    }

    @Override
    public CompletableFuture<Void> announceTruncation(String evidence) {
        topic.endGeneration(generation);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        closed = true;
    }
}
