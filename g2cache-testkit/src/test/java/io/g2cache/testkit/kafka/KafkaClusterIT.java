package io.g2cache.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(300)
class KafkaClusterIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static KafkaCluster cluster;
    private static TopicAdmin admin;

    @BeforeAll
    static void start() {
        cluster = KafkaCluster.builder().start();
        admin = new TopicAdmin(cluster.bootstrapServers());
    }

    /** Also those that another test has left dead. */
    @BeforeEach
    void startAll() {
        cluster.start();
    }

    @AfterAll
    static void close() {
        admin.close();
        cluster.close();
    }

    @Test
    @Tag("nightly")
    void keepsAcknowledgedRecordsWhileOneBrokerAfterAnotherDies() throws Exception {
        admin.create("kept", Map.of(0, List.of(1, 2, 3)), Map.of("min.insync.replicas", "2"));
        List<String> sent = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            KafkaBroker leader = cluster.broker(admin.awaitLeader("kept", 0, SOON));
            switch (round) {
                case 0 -> leader.kill();
                case 1 -> leader.stop();
                default -> leader.suspend();
            }
            send("kept", "round-" + round);
            sent.add("round-" + round);
            assertThat(admin.leader("kept", 0)).isNotEqualTo(leader.nodeId());
            if (round == 2) {
                leader.resume();
            }
            cluster.start();
            admin.awaitInSync("kept", 0, Set.of(1, 2, 3), SOON);
        }
        assertThat(read("kept")).containsExactlyElementsOf(sent);
    }

    @Test
    void anUncleanElectionForgetsWhatOnlyTheDeadLeaderHad() throws Exception {
        admin.create("unclean", Map.of(0, List.of(1, 2)), Map.of("min.insync.replicas", "1"));
        send("unclean", "both");
        admin.awaitInSync("unclean", 0, Set.of(1, 2), SOON);
        cluster.broker(2).kill();
        send("unclean", "leader only");
        cluster.broker(1).kill();
        cluster.broker(2).start();
        admin.awaitNoLeader("unclean", 0, SOON);
        assertThat(admin.inSync("unclean", 0)).doesNotContain(2);
        assertThat(admin.electUncleanly("unclean", 0)).isEqualTo(2);
        send("unclean", "new leader");
        cluster.broker(1).start();
        admin.awaitInSync("unclean", 0, Set.of(1, 2), SOON);
        assertThat(read("unclean")).containsExactly("both", "new leader");
    }

    private static void send(String topic, String value) throws Exception {
        Map<String, Object> config =
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "request.timeout.ms", 3000, "linger.ms", 0);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            var acknowledged =
                    producer.send(new ProducerRecord<>(topic, 0, null, value.getBytes(StandardCharsets.UTF_8)));
            assertThat(acknowledged.get(60, TimeUnit.SECONDS).hasOffset()).isTrue();
        }
    }

    private static List<String> read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(message -> values.add(new String(message.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }
}
