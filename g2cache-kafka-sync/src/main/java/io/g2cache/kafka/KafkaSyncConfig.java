package io.g2cache.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a log, copied from the builder. Immutable.
 *
 * @param bootstrapServers brokers to begin with
 * @param topic topic, or null for the default of the namespace
 * @param partitions partition count of a topic that is created
 * @param replicationFactor replicas of a topic that is created; -1 leaves it to the brokers
 * @param createTopic whether a missing topic is created
 * @param properties passed to every Kafka client
 * @param requestTimeout longest wait for one answer of a broker
 * @param deliveryTimeout longest time until an append has an outcome
 * @param openTimeout longest time for the search of the pinned partition count
 * @param compression how events are compressed
 */
record KafkaSyncConfig(
        String bootstrapServers,
        @Nullable String topic,
        int partitions,
        short replicationFactor,
        boolean createTopic,
        Map<String, String> properties,
        Duration requestTimeout,
        Duration deliveryTimeout,
        Duration openTimeout,
        Compression compression) {

    KafkaSyncConfig {
        properties = Map.copyOf(properties);
    }

    /** Names of the properties only: their values may be secrets. */
    @Override
    public String toString() {
        return "KafkaSyncConfig[bootstrapServers=" + bootstrapServers + ", topic=" + topic + ", partitions="
                + partitions
                + ", replicationFactor=" + replicationFactor + ", createTopic=" + createTopic + ", properties="
                + new TreeSet<>(properties.keySet()) + ", requestTimeout=" + requestTimeout + ", deliveryTimeout="
                + deliveryTimeout + ", openTimeout=" + openTimeout + "]";
    }

    String topicOf(String namespace) {
        String chosen = topic;
        return chosen == null ? "g2cache-" + namespace : chosen;
    }

    int requestTimeoutMillis() {
        return (int) requestTimeout.toMillis();
    }
}
