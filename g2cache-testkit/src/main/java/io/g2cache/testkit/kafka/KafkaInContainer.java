package io.g2cache.testkit.kafka;

import java.util.Locale;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container. Kept in a class of its own, because Testcontainers is an optional dependency. Thread-safe. */
final class KafkaInContainer implements KafkaBrokerExtension.Server {
    private final KafkaContainer container;

    private KafkaInContainer(KafkaContainer container) {
        this.container = container;
    }

    /** Pulls the image where it is missing, and starts the container; Testcontainers bounds both. */
    static KafkaInContainer start(Map<String, String> properties) {
        KafkaContainer container = new KafkaContainer("apache/kafka:" + KafkaBrokerClasspath.KAFKA_VERSION);
        container.withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        properties.forEach((key, value) ->
                container.withEnv("KAFKA_" + key.replace('.', '_').toUpperCase(Locale.ROOT), value));
        container.start();
        return new KafkaInContainer(container);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    @Override
    public void close() {
        container.stop();
    }
}
