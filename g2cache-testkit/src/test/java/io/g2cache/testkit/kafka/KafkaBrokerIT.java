package io.g2cache.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(300)
class KafkaBrokerIT {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void keepsAcknowledgedRecordsOverKillAndRestart() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start()) {
            String servers = broker.bootstrapServers();
            createTopic(servers);
            long first = send(servers, "one");
            broker.restart();
            long second = send(servers, "two");
            assertThat(second).isEqualTo(first + 1);
            assertThat(broker.bootstrapServers()).isEqualTo(servers);
        }
    }

    @Test
    void answersNothingWhileSuspendedAndGoesOnAfterwards() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start()) {
            createTopic(broker.bootstrapServers());
            broker.suspend();
            assertThatThrownBy(() -> send(broker.bootstrapServers(), "x")).hasMessageContaining("Timeout");
            broker.resume();
            send(broker.bootstrapServers(), "y");
        }
    }

    @Test
    void leavesNoProcessAndNoFileBehind() {
        KafkaBroker broker = KafkaBroker.builder().start();
        ProcessHandle handle = ProcessHandle.of(broker.pid()).orElseThrow();
        Path directory = broker.directory();
        assertThat(directory).exists();
        broker.close();
        broker.close();
        assertThat(handle.isAlive()).isFalse();
        assertThat(directory).doesNotExist();
    }

    @Test
    void saysWhyABrokerDoesNotStart() {
        KafkaBroker broker = KafkaBroker.builder()
                .property("log.cleaner.threads", "no number")
                .build();
        assertThatThrownBy(broker::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("log.cleaner.threads");
        broker.close();
    }

    @Test
    void endsWithItsParentEvenWhenStoppedAndTheParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + KafkaBrokerClasspath.FILE_PROPERTY + "="
                                + System.getProperty(KafkaBrokerClasspath.FILE_PROPERTY, ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String[] printed = parent.inputReader().readLine().split(" ", 2);
            ProcessHandle handle = ProcessHandle.of(Long.parseLong(printed[0])).orElseThrow();
            Path directory = Path.of(printed[1]);
            assertThat(directory.resolve("server.properties")).isRegularFile();
            parent.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            handle.onExit().get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 200 && Files.exists(directory); i++) {
                Thread.sleep(50);
            }
            assertThat(directory).doesNotExist();
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Starts a broker, stops it, prints its pid and directory, and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            KafkaBroker broker = KafkaBroker.builder().start();
            broker.suspend();
            System.out.println(broker.pid() + " " + broker.directory());
            System.out.flush();
            Thread.sleep(Duration.ofMinutes(2).toMillis());
        }
    }

    private static void createTopic(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
        }
    }

    private static long send(String servers, String value) throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                servers,
                "max.block.ms",
                3000,
                "delivery.timeout.ms",
                10000,
                "request.timeout.ms",
                3000,
                "linger.ms",
                0);
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            long offset = producer.send(new ProducerRecord<>("t", 0, null, bytes))
                    .get(20, TimeUnit.SECONDS)
                    .offset();
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, offset);
            assertThat(consumer.poll(Duration.ofSeconds(20)).records(PARTITION))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isEqualTo(bytes));
            return offset;
        }
    }
}
