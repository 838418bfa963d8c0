package io.g2cache.bench;

import io.g2cache.kafka.KafkaSync;
import io.g2cache.testkit.kafka.KafkaBroker;

/** Logs as the benchmarks open them. */
final class Logs {
    private Logs() {}

    /** A log with its defaults on one broker. */
    static KafkaSync on(KafkaBroker broker) {
        return on(broker.bootstrapServers());
    }

    /** A log with its defaults. */
    static KafkaSync on(String bootstrapServers) {
        return KafkaSync.builder()
                .bootstrapServers(bootstrapServers)
                .replicationFactor(1)
                .build();
    }
}
