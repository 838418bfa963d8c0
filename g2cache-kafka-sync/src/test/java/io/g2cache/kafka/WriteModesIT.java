package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes of a node on a real broker: their order, what is known of them when the network fails, and what goes over it. */
@Timeout(240)
class WriteModesIT {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final TcpProxy PROXY = TcpProxy.open();
    private static KafkaBroker broker;

    private final String namespace = Logs.namespace();
    private final List<G2Node> nodes = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = KafkaBroker.builder().proxyPort(PROXY.port()).start();
        PROXY.target(broker.proxiedPort());
    }

    @AfterAll
    static void stop() {
        PROXY.close();
        broker.close();
    }

    @AfterEach
    void close() {
        PROXY.pass();
        nodes.forEach(node -> node.close(Duration.ofSeconds(10)));
    }

    private KafkaSyncBuilder sync(String servers) {
        return KafkaSync.builder()
                .bootstrapServers(servers)
                .partitions(2)
                .requestTimeout(DEADLINE)
                .deliveryTimeout(DEADLINE);
    }

    private KafkaSyncBuilder proxied() {
        return sync("127.0.0.1:" + PROXY.port());
    }

    private KafkaSyncBuilder direct() {
        return sync(broker.bootstrapServers());
    }

    private G2Cache<String, String> cache(KafkaSyncBuilder sync, PublishMode publish) {
        G2Node node = G2Node.builder().namespace(namespace).sync(sync.build()).build();
        nodes.add(node);
        return node.cache(CacheSpec.builder("c", Codecs.string(), Codecs.string())
                .publish(publish)
                .build());
    }

    @Test
    void writesOfOneKeyKeepTheirOrderWhileTheNetworkFails() throws Exception {
        G2Cache<String, String> writer = cache(proxied(), PublishMode.VALUE);
        G2Cache<String, String> reader = cache(direct(), PublishMode.VALUE);
        List<CompletableFuture<WriteToken>> writes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            writes.add(writer.putAsync("k", "v" + i));
            if (i % 400 == 100) {
                PROXY.delay(Duration.ofMillis(50));
            } else if (i % 400 == 200) {
                PROXY.cut();
                TimeUnit.MILLISECONDS.sleep(i == 1_000 ? 4_000 : 200);
            } else if (i % 400 == 210) {
                PROXY.pass();
            }
            if (i % 50 == 0) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        long last = -1;
        int written = 0;
        int failed = 0;
        for (CompletableFuture<WriteToken> write : writes) {
            try {
                long offset = Logs.get(write).offsets().values().iterator().next();
                assertThat(offset).as("write %s", written + failed).isGreaterThan(last);
                last = offset;
                written++;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(SyncLogException.class);
                failed++;
            }
        }
        assertThat(written).isPositive();
        WriteToken end = putUntilKnown(writer, "k", "end");
        assertThat(reader.get("k", end, Duration.ofSeconds(30))).isEqualTo("end");
    }

    private static WriteToken putUntilKnown(G2Cache<String, String> cache, String key, String value) {
        WriteToken[] token = new WriteToken[1];
        await().pollDelay(Duration.ZERO).atMost(60, TimeUnit.SECONDS).until(() -> {
            try {
                token[0] = cache.put(key, value);
                return true;
            } catch (SyncLogException e) {
                return false;
            }
        });
        return token[0];
    }

    @Test
    void aWriteWhoseAcknowledgementIsLostIsUnknownAndConverges() {
        G2Cache<String, String> writer = cache(proxied(), PublishMode.VALUE);
        G2Cache<String, String> reader = cache(direct(), PublishMode.VALUE);
        WriteToken old = writer.put("k", "old");
        assertThat(reader.get("k", old, Duration.ofSeconds(30))).isEqualTo("old");
        PROXY.swallowAnswers();
        assertThatThrownBy(() -> writer.put("k", "new"))
                .isInstanceOfSatisfying(
                        SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(writer.get("k")).isNull();
        await().atMost(30, TimeUnit.SECONDS).until(() -> "new".equals(reader.get("k")));
        PROXY.cut();
        PROXY.pass();
        await().atMost(60, TimeUnit.SECONDS).until(() -> "new".equals(writer.get("k")));
    }

    @Test
    void whileTheBrokerIsAwayAnAsynchronousWriteDoesNotHoldItsCallerUp() throws Exception {
        G2Cache<String, String> writer = cache(proxied(), PublishMode.INVALIDATE);
        PROXY.cut();
        List<CompletableFuture<WriteToken>> writes = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            writes.add(writer.invalidateAsync("k" + i));
        }
        long nanos = System.nanoTime() - began;
        for (CompletableFuture<WriteToken> write : writes) {
            assertThatThrownBy(() -> Logs.get(write))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SyncLogException.class);
        }
        assertThat(Duration.ofNanos(nanos)).isLessThan(DEADLINE);
    }

    @Test
    void aBulkWriteTakesFewRequests() throws Exception {
        G2Cache<String, String> writer = cache(direct(), PublishMode.VALUE);
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            values.put("key-" + i, "value-" + i);
        }
        double before = metric("request-total");
        writer.putAll(values);
        double requests = metric("request-total") - before;
        assertThat(requests).isLessThan(2_000);
        assertThat(writer.getAll(values.keySet())).hasSize(10_000);
    }

    @Test
    void aBatchLargerThanTheProducersBufferGetsThrough() {
        G2Cache<String, String> writer = cache(direct().property("buffer.memory", "262144"), PublishMode.VALUE);
        G2Cache<String, String> reader = cache(direct(), PublishMode.VALUE);
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            values.put("key-" + i, "x".repeat(1_000) + i);
        }
        WriteToken token = writer.putAll(values);
        nodes.get(1).awaitToken(token, Duration.ofSeconds(60));
        assertThat(reader.getAll(values.keySet()).equals(values)).isTrue();
    }

    @Test
    void compressedEventsAreSmallerAndReadByAll() throws Exception {
        Map<Compression, Double> bytes = new HashMap<>();
        for (Compression compression : Compression.values()) {
            G2Cache<String, String> reader = cache(direct(), PublishMode.VALUE);
            G2Cache<String, String> writer = cache(direct().compression(compression), PublishMode.VALUE);
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                values.put(compression + "-" + i, "the same words again and again ".repeat(30) + i);
            }
            double before = metric("outgoing-byte-total");
            WriteToken token = writer.putAll(values);
            bytes.put(compression, metric("outgoing-byte-total") - before);
            nodes.get(nodes.size() - 2).awaitToken(token, Duration.ofSeconds(60));
            assertThat(reader.getAll(values.keySet()).equals(values)).isTrue();
        }
        assertThat(bytes.get(Compression.LZ4)).isLessThan(bytes.get(Compression.NONE) / 2);
        assertThat(bytes.get(Compression.ZSTD)).isLessThan(bytes.get(Compression.NONE) / 2);
    }

    /** Of the producer of the newest node: one client id belongs to all nodes of the namespace, and the newest has its meters. */
    private double metric(String name) throws Exception {
        ObjectName producer =
                new ObjectName("kafka.producer:type=producer-metrics,client-id=g2cache-" + namespace + "-producer");
        return (Double) ManagementFactory.getPlatformMBeanServer().getAttribute(producer, name);
    }
}
