package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A writer that dies after the log has its event, and before any tier has it, leaves nothing stale. */
class DeadWriterIT {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @Test
    void theMaterialiserFinishesWhatADeadWriterBegan() throws Exception {
        try (Rig rig = Rig.full(BROKER.bootstrapServers())) {
            G2Node node = rig.start();
            G2Cache<String, String> cache = node.cache(Rig.text("dead").build());
            assertThat(cache.get("k", key -> "old")).isEqualTo("old");
            long offset = appendAsAWriterThatDies(rig);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> cache.get("k") == null);
            assertThat(offset).isNotNegative();

            G2Cache<String, String> late = rig.start().cache(Rig.text("dead").build());
            assertThat(late.get("k")).isNull();
            assertThat(late.get("k", key -> "new")).isEqualTo("new");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> "new".equals(cache.get("k", key -> "loaded in vain")));
        }
    }

    private static long appendAsAWriterThatDies(Rig rig) throws Exception {
        LogContext context = new LogContext(
                rig.namespace(), "dead-writer", Duration.ofDays(7), Duration.ofMinutes(1), 2 << 20, TimeSource.SYSTEM);
        try (SyncLog log = Rig.kafka(BROKER.bootstrapServers()).open(context)) {
            byte[] key = "k".getBytes(StandardCharsets.UTF_8);
            int partition = new KeySpace("dead", log.partitions()).key(key).partition();
            return log.append(partition, new Event.Invalidate("dead", key, "dead-writer"))
                    .get(20, TimeUnit.SECONDS);
        }
    }
}
