package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.NodeState;
import io.g2cache.WriteToken;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does not see of the log, on a real broker: it never serves what it may have missed the end of. */
@Tag("slow")
class GapsIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int PARTITIONS = 4;

    private final String namespace = "gaps-" + UUID.randomUUID();
    private final String topic = "g2cache-" + namespace;
    private final TcpProxy proxy = TcpProxy.open();
    private final List<G2Node> nodes = new ArrayList<>();
    private final AtomicReference<String> row = new AtomicReference<>("old");
    private KafkaBroker broker;

    @TempDir
    private Path kept;

    @BeforeEach
    void start() {
        broker = KafkaBroker.builder().proxyPort(proxy.port()).start();
        proxy.target(broker.proxiedPort());
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.close(Duration.ofSeconds(5)));
        broker.close();
        proxy.close();
    }

    private G2NodeBuilder builder(String bootstrapServers) {
        return G2Node.builder().namespace(namespace).sync(Rig.kafka(bootstrapServers));
    }

    private G2Node direct() {
        return started(builder(broker.bootstrapServers()));
    }

    private G2Node throughTheProxy() {
        return started(builder("127.0.0.1:" + proxy.port()));
    }

    private G2Node keeping(String bootstrapServers) {
        return started(builder(bootstrapServers)
                .local(ChronicleLocal.builder().persistTo(kept).build()));
    }

    private G2Node started(G2NodeBuilder builder) {
        G2Node node = builder.build();
        nodes.add(node);
        return node;
    }

    private G2Cache<String, String> open(G2Node node) {
        return node.cache(Rig.text("rows").loader(key -> row.get()).build());
    }

    private static void awaitCounter(G2Cache<?, ?> cache, String counter) {
        await().atMost(LIMIT).until(() -> cache.stats().counter(counter) > 0);
    }

    private static void awaitReady(G2Node node) {
        await().atMost(LIMIT).until(() -> node.status().state() == NodeState.READY);
    }

    private <T> T admin(java.util.function.Function<Admin, KafkaFuture<T>> call) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()))) {
            return call.apply(admin).get(20, TimeUnit.SECONDS);
        }
    }

    private void deleteTopic() throws Exception {
        admin(admin -> admin.deleteTopics(List.of(topic)).all());
        await().atMost(LIMIT)
                .until(() -> !admin(admin -> admin.listTopics().names()).contains(topic));
    }

    /** Deletes every record of the topic. */
    private void deleteRecords() throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            all.put(new TopicPartition(topic, p), RecordsToDelete.beforeOffset(-1));
        }
        admin(admin -> admin.deleteRecords(all).all());
    }

    @Test
    void aTopicMadeAnewIsNoticedThoughItsEndLiesBeyondThePosition() throws Exception {
        G2Node node = direct();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("old");
        WriteToken before = cache.invalidate("b");
        deleteTopic();
        row.set("new");
        G2Cache<String, String> other = open(direct());
        for (int i = 0; i < 200; i++) {
            other.invalidate("k" + i);
        }

        awaitCounter(cache, "new_generation");
        awaitReady(node);
        assertThat(cache.get("a")).isEqualTo("new");
        WriteToken after = other.put("a", "put");
        assertThat(after.generation()).isNotEqualTo(before.generation());
        row.set("newest");
        node.awaitToken(after, LIMIT);
        assertThat(cache.get("a")).isEqualTo("newest");
    }

    @Test
    void whatWasKeptOfATopicThatIsGoneIsNotServed() throws Exception {
        G2Node node = keeping(broker.bootstrapServers());
        assertThat(open(node).get("a")).isEqualTo("old");
        node.close(Duration.ofSeconds(5));
        deleteTopic();
        row.set("new");
        assertThat(open(keeping(broker.bootstrapServers())).get("a")).isEqualTo("new");
    }

    @Test
    void whatWasKeptIsNotServedOnAnotherCluster() {
        G2Node node = keeping(broker.bootstrapServers());
        assertThat(open(node).get("a")).isEqualTo("old");
        node.close(Duration.ofSeconds(5));
        row.set("new");
        try (KafkaBroker elsewhere = KafkaBroker.builder().start()) {
            G2Node moved = keeping(elsewhere.bootstrapServers());
            assertThat(open(moved).get("a")).isEqualTo("new");
            moved.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void eventsDeletedWhileTheNodeWasAwayAreAGap() throws Exception {
        G2Node node = keeping(broker.bootstrapServers());
        assertThat(open(node).get("a")).isEqualTo("old");
        node.close(Duration.ofSeconds(5));
        open(direct()).invalidate("a");
        row.set("new");
        deleteRecords();
        G2Cache<String, String> cache = open(keeping(broker.bootstrapServers()));
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(cache.stats().counter("gap")).isPositive();
    }

    @Test
    void eventsDeletedWhileTheNodeWasCutOffAreAGap() throws Exception {
        G2Node node = throughTheProxy();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("old");
        G2Cache<String, String> other = open(direct());
        await().atMost(LIMIT).until(() -> node.status().lagEvents() == 0);
        proxy.hang();
        other.invalidate("a");
        row.set("new");
        deleteRecords();
        proxy.cut();
        proxy.pass();
        awaitCounter(cache, "gap");
        assertThat(cache.get("a")).isEqualTo("new");
        awaitReady(node);
    }

    @Test
    void addedPartitionsAreIgnored() throws Exception {
        G2Node node = direct();
        G2Cache<String, String> cache = open(node);
        admin(admin -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(PARTITIONS + 3)))
                .all());
        G2Cache<String, String> other = open(direct());
        for (int i = 0; i < 50; i++) {
            String key = "k" + i;
            assertThat(cache.get(key)).isEqualTo(row.get());
            row.set("new" + i);
            assertThat(cache.get(key, other.invalidate(key), LIMIT)).isEqualTo("new" + i);
        }
        assertThat(cache.stats().counter("new_generation")).isZero();
    }

    @Test
    void aRecordThatNobodyCanReadEmptiesItsPartition() throws Exception {
        G2Node node = direct();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("old");
        row.set("new");
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int p = 0; p < PARTITIONS; p++) {
                byte[] noise = ("noise" + p).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, p, noise, noise)).get(20, TimeUnit.SECONDS);
            }
        }
        await().atMost(LIMIT).until(() -> cache.stats().counter("event_unreadable") == PARTITIONS);
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(node.status().state()).isEqualTo(NodeState.READY);
    }

    /** The broker dies, and its disk has lost the end of every partition: what an unclean election does, on one machine. */
    @Test
    void aLogThatHasLostItsEndIsANewGenerationForEveryNode() throws Exception {
        G2Node node = direct();
        G2Node peer = direct();
        G2Cache<String, String> cache = open(node);
        G2Cache<String, String> other = open(peer);
        for (int i = 0; i < 100; i++) {
            cache.invalidate("k" + i);
        }
        assertThat(cache.get("a")).isEqualTo("old");
        assertThat(other.get("a")).isEqualTo("old");
        String before = cache.invalidate("b").generation();
        await().atMost(LIMIT).until(() -> peer.status().lagEvents() == 0);
        broker.kill();
        cutEnds();
        row.set("new");
        broker.restart();

        awaitCounter(cache, "new_generation");
        awaitCounter(other, "new_generation");
        awaitReady(node);
        awaitReady(peer);
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(other.get("a")).isEqualTo("new");
        Supplier<String> generation = () -> cache.invalidate("c").generation();
        assertThat(generation.get())
                .isNotEqualTo(before)
                .isEqualTo(other.invalidate("c").generation());
        G2Node late = direct();
        assertThat(open(late).invalidate("c").generation()).isEqualTo(generation.get());
    }

    private void cutEnds() throws IOException {
        try (Stream<Path> files = Files.walk(broker.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!String.valueOf(file.getParent().getFileName()).startsWith(topic)) {
                    continue;
                }
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(".log")) {
                    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
                        log.setLength(log.length() / 2);
                    }
                } else if (name.endsWith("index") || name.endsWith(".snapshot") || name.startsWith("leader-epoch")) {
                    Files.delete(file);
                }
            }
        }
    }
}
