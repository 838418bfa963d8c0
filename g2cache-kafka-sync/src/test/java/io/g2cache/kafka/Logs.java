package io.g2cache.kafka;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What the integration tests share. */
final class Logs {
    static final int MAXIMUM_EVENT_BYTES = 1 << 16;
    static final Duration RETENTION = Duration.ofHours(2);

    private Logs() {}

    static String namespace() {
        return "it-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static LogContext context(String namespace) {
        return new LogContext(
                namespace,
                UUID.randomUUID().toString(),
                RETENTION,
                Duration.ofSeconds(10),
                MAXIMUM_EVENT_BYTES,
                TimeSource.SYSTEM);
    }

    static SyncLog open(String servers, String namespace) {
        return KafkaSync.builder()
                .bootstrapServers(servers)
                .partitions(2)
                .replicationFactor(1)
                .build()
                .open(context(namespace));
    }

    static Event.Invalidate invalidate(String key) {
        return new Event.Invalidate("c", key.getBytes(StandardCharsets.UTF_8), "n");
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    /** Collects events as {@code partition:offset type key}, and positions. */
    static final class Seen implements LogHandler {
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        final Map<Integer, Long> positions = new ConcurrentHashMap<>();

        @Override
        public void onEvent(int partition, long offset, Event event) {
            events.add(partition + ":" + offset + " " + event.getClass().getSimpleName() + " " + key(event));
        }

        private static String key(Event event) {
            if (event instanceof Event.Put put) {
                return text(put.key());
            } else if (event instanceof Event.Invalidate invalidate) {
                return text(invalidate.key());
            } else if (event instanceof Event.Loaded loaded) {
                return text(loaded.key());
            }
            return "";
        }

        private static String text(byte[] key) {
            return new String(key, StandardCharsets.UTF_8);
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            throw new AssertionError("gap in partition=" + partition + ": " + reason);
        }

        @Override
        public void onPosition(int partition, long next) {
            positions.put(partition, next);
        }
    }
}
