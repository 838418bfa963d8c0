package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
@Tag("slow")
class CompactionIT {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension()
            .property("log.cleaner.backoff.ms", "200")
            .property("log.initial.task.delay.ms", "100");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Event put(String key) {
        return new Event.Put("c", bytes(key), "n", Entry.value(-1, 1, 2, bytes("value")));
    }

    private static Event loaded(String key) {
        return new Event.Loaded("c", bytes(key), "n", Entry.value(0, 1, 2, bytes("value")));
    }

    @Test
    void compactionKeepsTheNewestEventOfEachKeyAndAFillRemovesNone() throws Exception {
        String namespace = Logs.namespace();
        try (SyncLog log = Logs.open(BROKER.bootstrapServers(), namespace)) {
            compactEagerly("g2cache-" + namespace);
            String putThenInvalidated = event(log, put("a"), "Put a");
            String invalidated = event(log, Logs.invalidate("a"), "Invalidate a");
            String clear = event(log, new Event.Clear("c", "n"), "Clear ");
            String olderPut = event(log, put("b"), "Put b");
            String newestPut = event(log, put("b"), "Put b");
            String olderFill = event(log, loaded("a"), "Loaded a");
            String fill = event(log, loaded("a"), "Loaded a");

            await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                // each new record lets the broker close the segment before it, which is compacted then
                Logs.get(log.append(0, new Event.Probe("n")));
                List<String> kept = read(log);
                assertThat(kept).doesNotContain(putThenInvalidated, olderPut, olderFill);
                assertThat(kept).contains(invalidated, clear, newestPut, fill);
            });
        }
        try (SyncLog log = Logs.open(BROKER.bootstrapServers(), namespace)) {
            assertThat(log.partitions()).isEqualTo(2);
        }
    }

    private static String event(SyncLog log, Event event, String shown) throws Exception {
        return "0:" + Logs.get(log.append(0, event)) + " " + shown;
    }

    private static List<String> read(SyncLog log) throws Exception {
        LogPosition end = Logs.get(log.endOffsets());
        Logs.Seen seen = new Logs.Seen();
        try (LogReader reader = log.tail(LogPosition.all(2, 0))) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                reader.poll(Duration.ofMillis(100), seen);
                return seen.positions.getOrDefault(0, 0L) >= end.offset(0);
            });
        }
        return seen.events;
    }

    private static void compactEagerly(String topic) throws Exception {
        List<AlterConfigOp> eager =
                Map.of("segment.ms", "200", "min.cleanable.dirty.ratio", "0.001").entrySet().stream()
                        .map(e ->
                                new AlterConfigOp(new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET))
                        .toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), eager))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }
}
