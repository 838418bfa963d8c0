package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.hazelcast.StockServer;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All modules, the out tier being two stock Hazelcast servers that have none of our classes. */
@Tag("slow")
class StockServersIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @Test
    void clientsShareLoadsAndHearOfWritesAndOutliveServersThatDieOrHang() {
        int first = Rig.freePort();
        int second = Rig.freePort();
        List<StockServer> servers = StockServer.cluster("stock-it", "", first, second);
        List<String> addresses = List.of("127.0.0.1:" + first, "127.0.0.1:" + second);
        try (Rig rig = Rig.clients(BROKER.bootstrapServers(), "stock-it", addresses)) {
            List<G2Node> nodes = rig.start(2);
            G2Cache<String, String> a = nodes.get(0).cache(Rig.text("stock").build());
            G2Cache<String, String> b = nodes.get(1).cache(Rig.text("stock").build());
            Awaitility.await().atMost(SOON).until(() -> {
                a.put("ready", "yes");
                return "yes".equals(b.get("ready"));
            });
            sharesAndInvalidates(nodes, a, b);
            servers.get(0).kill();
            for (int i = 0; i < 20; i++) {
                String value = "after-" + i;
                nodes.get(1).awaitToken(a.invalidate("key-" + i), SOON);
                assertThat(b.get("key-" + i, key -> value)).isEqualTo(value);
            }
            servers.get(1).freeze();
            assertThat(a.get("while-frozen", key -> "loaded")).isEqualTo("loaded");
            assertThat(b.get("while-frozen", key -> "loaded too")).isEqualTo("loaded too");
            servers.get(1).thaw();
        } finally {
            servers.forEach(StockServer::close);
        }
    }

    private static void sharesAndInvalidates(List<G2Node> nodes, G2Cache<String, String> a, G2Cache<String, String> b) {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            String key = "key-" + i;
            String loaded = a.get(key, k -> k + "-" + loads.incrementAndGet());
            assertThat(b.get(key, k -> k + "-" + loads.incrementAndGet())).isEqualTo(loaded);
        }
        assertThat(loads).hasValueLessThan(60);
        for (int i = 0; i < 50; i++) {
            String key = "key-" + i;
            nodes.get(1).awaitToken(a.invalidate(key), SOON);
            assertThat(b.get(key, k -> "new")).isEqualTo("new");
        }
    }
}
