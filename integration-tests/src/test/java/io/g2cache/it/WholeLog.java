package io.g2cache.it;

import static org.awaitility.Awaitility.await;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads everything that the log of a deployment holds. */
final class WholeLog {
    private WholeLog() {}

    /** Takes one event after the other. */
    @FunctionalInterface
    interface Each {
        void event(int partition, long offset, Event event);
    }

    /** Hands over every event up to the end as of now. */
    static void read(String bootstrapServers, String namespace, Each each) throws Exception {
        LogContext context = new LogContext(
                namespace, "reader", Duration.ofDays(7), Duration.ofMinutes(1), 2 << 20, TimeSource.SYSTEM);
        try (SyncLog log = Rig.kafka(bootstrapServers).open(context);
                LogReader reader = log.tail(LogPosition.all(log.partitions(), 0))) {
            LogPosition end = log.endOffsets().get(30, TimeUnit.SECONDS);
            Map<Integer, Long> next = new HashMap<>();
            LogHandler handler = new LogHandler() {
                @Override
                public void onEvent(int partition, long offset, Event event) {
                    each.event(partition, offset, event);
                }

                @Override
                public void onPosition(int partition, long position) {
                    next.put(partition, position);
                }

                @Override
                public void onGap(int partition, long position, String reason) {
                    throw new AssertionError(reason);
                }
            };
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                reader.poll(Duration.ofMillis(100), handler);
                return next.size() == log.partitions()
                        && next.entrySet().stream().allMatch(one -> one.getValue() >= end.offset(one.getKey()));
            });
        }
    }
}
