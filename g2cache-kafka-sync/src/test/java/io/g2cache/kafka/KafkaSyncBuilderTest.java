package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSyncBuilderTest {
    private static final KafkaSyncConfig CONFIG = config(Map.of("security.protocol", "SSL", "client.rack", "r1"));

    private final ClientConfigs clients = new ClientConfigs(CONFIG, Logs.context("ns"));

    private static KafkaSyncConfig config(Map<String, String> properties) {
        Duration five = Duration.ofSeconds(5);
        return new KafkaSyncConfig(
                "host:1", null, 12, (short) -1, true, properties, five, five, Duration.ofSeconds(60), Compression.ZSTD);
    }

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
    void noSettingOfSecurityIsOursToChangeOrToTell() {
        Map<String, String> secured = new HashMap<>();
        for (ConfigDef definition :
                List.of(AdminClientConfig.configDef(), ProducerConfig.configDef(), ConsumerConfig.configDef())) {
            for (String name : definition.names()) {
                if (name.startsWith("ssl.") || name.startsWith("sasl.") || name.startsWith("security.")) {
                    secured.put(name, "secret-of-" + name);
                }
            }
        }
        assertThat(secured).containsKeys("sasl.jaas.config", "ssl.truststore.location", "security.protocol");
        KafkaSyncConfig config = config(secured);
        ClientConfigs own = new ClientConfigs(config, Logs.context("ns"));
        for (Map<String, Object> client : List.of(own.admin(), own.producer(), own.tail(), own.materialiser("g"))) {
            assertThat(client).containsAllEntriesOf(secured);
        }
        assertThat(config.toString()).contains("sasl.jaas.config", "host:1").doesNotContain("secret-of-");
        assertThat(KafkaSync.builder()
                        .bootstrapServers("host:1")
                        .properties(secured)
                        .build()
                        .toString())
                .doesNotContain("secret-of-");
    }

    @Test
    void propertiesArePassedTogetherOrNotAtAll() {
        KafkaSyncBuilder builder = KafkaSync.builder().bootstrapServers("host:1");
        assertThatThrownBy(() -> builder.properties(Map.of("client.rack", "r1", "acks", "secret")))
                .hasMessageContaining("acks")
                .hasMessageNotContaining("secret");
        assertThat(builder.properties(Map.of("client.dns.lookup", "x")).build()).isNotNull();
    }

    @Test
    void theBatchOfTheMaterialiserIsNotTheUsers() {
        KafkaSyncConfig config = config(Map.of("max.poll.records", "70000"));
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
                .containsEntry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd")
                .containsEntry(ProducerConfig.LINGER_MS_CONFIG, 0);
    }

    @Test
    void aTailNeverResetsByItself() {
        assertThat(clients.tail()).containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        assertThat(clients.tail()).doesNotContainKey(ConsumerConfig.GROUP_ID_CONFIG);
        assertThat(clients.materialiser("g")).containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
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
