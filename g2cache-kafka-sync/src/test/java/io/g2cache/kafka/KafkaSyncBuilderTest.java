package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSyncBuilderTest {
    private static final KafkaSyncConfig CONFIG = new KafkaSyncConfig(
            "host:1",
            null,
            12,
            (short) -1,
            true,
            Map.of("security.protocol", "SSL", "client.rack", "r1"),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Compression.NONE);

    private final ClientConfigs clients = new ClientConfigs(CONFIG, Logs.context("ns"));

    @Test
    void badSettingsAreRefusedAtOnce() {
        KafkaSyncBuilder builder = KafkaSync.builder();
        assertThatThrownBy(builder::build).hasMessageContaining("bootstrapServers");
        assertThatThrownBy(() -> builder.bootstrapServers(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.topic("a b")).hasMessageContaining("a b");
        assertThatThrownBy(() -> builder.topic("..")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.partitions(0)).hasMessageContaining("partitions=0");
        assertThatThrownBy(() -> builder.replicationFactor(0)).hasMessageContaining("replicationFactor=0");
        assertThatThrownBy(() -> builder.requestTimeout(Duration.ofMillis(1))).hasMessageContaining("requestTimeout");
        assertThatThrownBy(() -> builder.deliveryTimeout(Duration.ofHours(1))).hasMessageContaining("deliveryTimeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acks", "enable.idempotence", "auto.offset.reset", "group.id", "compression.type"})
    void whatTheProtocolRestsOnCannotBeSet(String key) {
        assertThatThrownBy(() -> KafkaSync.builder().property(key, "x")).hasMessageContaining(key);
    }

    @Test
    void propertiesReachEveryClient() {
        for (Map<String, Object> client :
                List.of(clients.admin(), clients.producer(), clients.tail(), clients.materialiser("g"))) {
            assertThat(client).containsEntry("security.protocol", "SSL").containsEntry("client.rack", "r1");
            assertThat(client).containsEntry("bootstrap.servers", "host:1");
        }
    }

    @Test
    void theBatchOfTheMaterialiserIsNotTheUsers() {
        KafkaSyncConfig config = new KafkaSyncConfig(
                "host:1",
                null,
                12,
                (short) -1,
                true,
                Map.of("max.poll.records", "70000"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Compression.ZSTD);
        ClientConfigs own = new ClientConfigs(config, Logs.context("ns"));
        assertThat(own.materialiser("g")).containsEntry("max.poll.records", 500);
        assertThat(own.producer()).containsEntry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        assertThat(own.tail()).containsEntry("max.poll.records", "70000");
    }

    @Test
    void anAppendHasItsOutcomeWithinTheDeadline() {
        Map<String, Object> producer = clients.producer();
        int block = (Integer) producer.get(ProducerConfig.MAX_BLOCK_MS_CONFIG);
        int delivery = (Integer) producer.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        int request = (Integer) producer.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        assertThat(clients.longestBlock().toMillis() + delivery).isEqualTo(5000);
        assertThat(block).isLessThan(10);
        assertThat(request).isLessThan(delivery);
        assertThat(producer)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none")
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, 0);
    }

    @Test
    void aTailNeverResetsByItself() {
        assertThat(clients.tail()).containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        assertThat(clients.tail()).doesNotContainKey(ConsumerConfig.GROUP_ID_CONFIG);
        assertThat(clients.materialiser("g")).containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }

    @Test
    void theTopicsNameComesFromTheNamespace() {
        assertThat(CONFIG.topicOf("ns")).isEqualTo("g2cache-ns");
    }

    @Test
    void asManyCopiesAreAskedForAsLeaveOneBrokerFreeToFail() {
        assertThat(TopicNeeds.minInSync(1)).isEqualTo(1);
        assertThat(TopicNeeds.minInSync(2)).isEqualTo(1);
        assertThat(TopicNeeds.minInSync(3)).isEqualTo(2);
        TopicNeeds needs = TopicNeeds.of(Logs.context("ns"));
        assertThat(needs.problems(needs.settings(3), 3)).isEmpty();
        assertThat(needs.problems(needs.settings(1), 3))
                .singleElement()
                .hasToString("min.insync.replicas=1, needed: 2 to 3");
    }
}
