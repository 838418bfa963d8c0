package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with a kept local tier is started while its broker is dead, serves from the loader, and is warm once the broker is back. */
@Timeout(240)
class LogAwayAtStartIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final CacheSpec<String, String> SPEC = Rig.text("kept").build();

    @TempDir
    Path directory;

    private final String namespace = "no-log-" + UUID.randomUUID();
    private final AtomicInteger loads = new AtomicInteger();

    private G2NodeBuilder builder(KafkaBroker broker) {
        return G2Node.builder()
                .namespace(namespace)
                .local(ChronicleLocal.builder().persistTo(directory).build())
                .sync(KafkaSync.builder()
                        .bootstrapServers(broker.bootstrapServers())
                        .partitions(Rig.PARTITIONS)
                        .replicationFactor(1)
                        .requestTimeout(Duration.ofSeconds(1))
                        .build());
    }

    private String load(String key) {
        return key + "-" + loads.incrementAndGet();
    }

    @Test
    void aNodeThatStartsWithoutItsBrokerIsWarmOnceItIsThere() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start()) {
            try (G2Node before = builder(broker).build()) {
                G2Cache<String, String> cache = before.cache(SPEC);
                assertThat(cache.get("a", this::load)).isEqualTo("a-1");
                assertThat(cache.get("b", this::load)).isEqualTo("b-2");
            }
            broker.kill();
            assertThatThrownBy(() -> builder(broker).build()).isInstanceOf(SyncLogException.class);
            try (G2Node node = builder(broker).requireLogAtStart(false).build()) {
                G2Cache<String, String> cache = node.cache(SPEC);
                assertThat(node.status().state()).isEqualTo(NodeState.STALE);
                assertThat(cache.get("a", this::load)).isEqualTo("a-3");
                assertThatThrownBy(() -> cache.invalidate("a")).isInstanceOf(SyncLogException.class);
                broker.start();
                invalidateFromOutside(broker);
                await().atMost(SOON).until(() -> node.status().state() == NodeState.READY);
                await().atMost(SOON).until(() -> "a-1".equals(cache.get("a")));
                await().atMost(SOON).until(() -> cache.get("b") == null);
                assertThat(cache.get("b", this::load)).isEqualTo("b-4");
                assertThat(cache.invalidate("a").isQueued()).isFalse();
                assertThat(cache.get("a")).isNull();
            }
        }
    }

    private void invalidateFromOutside(KafkaBroker broker) {
        try (G2Node other = G2Node.builder()
                .namespace(namespace)
                .sync(Rig.kafka(broker.bootstrapServers()))
                .build()) {
            other.cache(SPEC).invalidate("b");
        }
    }
}
