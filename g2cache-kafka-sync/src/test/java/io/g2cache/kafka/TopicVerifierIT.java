package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.g2cache.SyncLogException;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class TopicVerifierIT {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final String namespace = Logs.namespace();
    private final String topic = "g2cache-" + namespace;
    private Admin admin;

    @BeforeEach
    void connect() {
        admin = Admin.create(Map.of("bootstrap.servers", BROKER.bootstrapServers()));
    }

    @AfterEach
    void disconnect() {
        admin.close(Duration.ofSeconds(5));
    }

    private SyncLog open() {
        return Logs.open(BROKER.bootstrapServers(), namespace);
    }

    private void create(int partitions, Map<String, String> changes) throws Exception {
        Map<String, String> settings =
                new HashMap<>(TopicNeeds.of(Logs.context(namespace)).settings(1));
        settings.putAll(changes);
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cleanup.policy|delete|[compact,delete]",
                "retention.ms|3600000|10810000",
                "retention.bytes|1000000|-1",
                "min.insync.replicas|2|1",
                "unclean.leader.election.enable|true|false",
                "max.message.bytes|1000|66560",
                "message.timestamp.type|CreateTime|LogAppendTime"
            })
    void aWrongSettingIsRefusedWithTheCommandThatMendsIt(String setting, String value, String mended) throws Exception {
        create(2, Map.of(setting, value));
        assertThatThrownBy(this::open)
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining(setting + "=" + value + ", needed: ")
                .hasMessageContaining("kafka-configs.sh --bootstrap-server " + BROKER.bootstrapServers()
                        + " --entity-type topics --entity-name " + topic + " --alter --add-config '" + setting + "="
                        + mended + "'");
        String list = mended.replace("[", "").replace("]", "");
        AlterConfigOp mend = new AlterConfigOp(new ConfigEntry(setting, list), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(mend)))
                .all()
                .get(20, TimeUnit.SECONDS);
        // The controller has the new setting; the broker learns of it a little later.
        await().atMost(60, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(SyncLogException.class)
                .untilAsserted(() -> open().close());
    }

    @Test
    void compactionAloneNeedsNoRetention() throws Exception {
        create(2, Map.of("cleanup.policy", "compact", "retention.ms", "1000"));
        open().close();
    }

    @Test
    void aMissingTopicIsRefusedWhereItMayNotBeCreated() {
        KafkaSync provider = KafkaSync.builder()
                .bootstrapServers(BROKER.bootstrapServers())
                .createTopic(false)
                .build();
        assertThatThrownBy(() -> provider.open(Logs.context(namespace)))
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("kafka-topics.sh")
                .hasMessageContaining("--create --topic " + topic + " --partitions 12")
                .hasMessageContaining("--config cleanup.policy=compact,delete");
    }

    @Test
    void anExistingTopicKeepsItsPartitionCount() throws Exception {
        create(3, Map.of());
        try (SyncLog log = open()) {
            assertThat(log.partitions()).isEqualTo(3);
        }
    }

    @Test
    void addedPartitionsAreIgnored() throws Exception {
        String generation;
        try (SyncLog log = open()) {
            generation = log.generation();
            assertThat(log.partitions()).isEqualTo(2);
        }
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get(20, TimeUnit.SECONDS);
        try (SyncLog log = open()) {
            assertThat(log.partitions()).isEqualTo(2);
            assertThat(log.generation()).isEqualTo(generation);
            assertThat(Logs.get(log.endOffsets()).partitions()).isEqualTo(2);
            assertThatThrownBy(() -> log.append(2, Logs.invalidate("k"))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void thePinOfALongLogIsFoundWithAndWithoutAHint() throws Exception {
        try (SyncLog log = open()) {
            List<CompletableFuture<Long>> appended = new ArrayList<>();
            for (int i = 0; i < 12_000; i++) {
                appended.add(log.append(0, Logs.invalidate("key-" + i)));
            }
            for (CompletableFuture<Long> append : appended) {
                Logs.get(append);
            }
        }
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get(20, TimeUnit.SECONDS);
        String group = "g2cache-" + namespace + "-"
                + admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get(20, TimeUnit.SECONDS)
                        .get(topic)
                        .topicId()
                + "-pin";
        TopicPartition first = new TopicPartition(topic, 0);
        for (long hint : new long[] {1, 0, 500, 1_000_000}) {
            await().atMost(60, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
                OffsetAndMetadata noted = new OffsetAndMetadata(hint);
                admin.alterConsumerGroupOffsets(group, Map.of(first, noted))
                        .all()
                        .get(20, TimeUnit.SECONDS);
                return true;
            });
            try (SyncLog log = open()) {
                assertThat(log.partitions()).as("hint=%d", hint).isEqualTo(2);
            }
        }
    }

    private void pin(int partitions) throws Exception {
        EventCodec.EncodedRecord pin =
                new EventCodec(EventSchemas.SHIPPED).encode(new Marker(Marker.Kind.PIN, partitions, 0), "somebody");
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(Map.of("bootstrap.servers", BROKER.bootstrapServers()), bytes, bytes)) {
            ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, 0, pin.key(), pin.value());
            message.headers().add(Appender.VERSION_HEADER, new byte[] {0, 1});
            producer.send(message).get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aForgedPinOfTooManyPartitionsStopsNobodyWhereAnotherOneIsLeft() throws Exception {
        String generation;
        try (SyncLog log = open()) {
            generation = log.generation();
        }
        pin(99);
        try (SyncLog log = open()) {
            assertThat(log.generation()).isEqualTo(generation);
            assertThat(Logs.get(log.endOffsets()).offset(0)).isEqualTo(4);
        }
        try (SyncLog log = open()) {
            assertThat(log.generation()).isEqualTo(generation);
            assertThat(Logs.get(log.endOffsets()).offset(0)).isEqualTo(4);
        }
    }

    @Test
    void aNodeThatReadsAForgedPinOfTooManyPartitionsWritesTheRightOneAgain() throws Exception {
        try (SyncLog log = open();
                LogReader reader = log.tail(LogPosition.all(2, 0))) {
            pin(99);
            LogHandler nobody = new LogHandler() {
                @Override
                public void onEvent(int partition, long offset, Event event) {}

                @Override
                public void onGap(int partition, long next, String reason) {}

                @Override
                public void onPosition(int partition, long next) {}
            };
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                reader.poll(Duration.ofMillis(100), nobody);
                return Logs.get(log.endOffsets()).offset(0) == 4;
            });
        }
    }

    @Test
    void aForgedPinThatIsTheOnlyOneIsNamedWithBothNumbers() throws Exception {
        create(2, Map.of());
        pin(99);
        assertThatThrownBy(this::open)
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("has partitions=2")
                .hasMessageContaining("names partitions=99");
    }

    @Test
    void anotherTopicOfTheSameNameIsAnotherGeneration() throws Exception {
        String generation;
        try (SyncLog log = open()) {
            generation = log.generation();
        }
        admin.deleteTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
        try (SyncLog log = open()) {
            assertThat(log.generation()).isNotEqualTo(generation);
        }
    }

    @Test
    void nodesThatStartTogetherAgree() throws Exception {
        int nodes = 4;
        ExecutorService executor = Executors.newFixedThreadPool(nodes);
        try {
            List<CompletableFuture<String>> generations = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                int partitions = i + 1;
                generations.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (SyncLog log = KafkaSync.builder()
                                    .bootstrapServers(BROKER.bootstrapServers())
                                    .partitions(partitions)
                                    .build()
                                    .open(Logs.context(namespace))) {
                                return log.generation();
                            }
                        },
                        executor));
            }
            String first = Logs.get(generations.get(0));
            for (CompletableFuture<String> other : generations) {
                assertThat(Logs.get(other)).isEqualTo(first);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void anUnreachableBrokerIsAnErrorInTime() {
        KafkaSync provider = KafkaSync.builder()
                .bootstrapServers("127.0.0.1:1")
                .requestTimeout(Duration.ofSeconds(1))
                .build();
        long start = System.nanoTime();
        assertThatThrownBy(() -> provider.open(Logs.context(namespace))).isInstanceOf(SyncLogException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
}
