package io.g2cache.example.node;

import io.g2cache.G2Node;
import io.g2cache.chronicle.ChronicleLocal;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.kafka.KafkaSync;
import java.nio.file.Path;
import java.time.Duration;

/** Chooses the modules of a node. Stateless. */
final class Modules {
    /** How long it may take to be ready. */
    static final Duration START_TIMEOUT = Duration.ofSeconds(45);

    private static final int AUDIT_KEYS_PER_SECOND = 20;

    private Modules() {}

    /**
     * A node with all three modules: Chronicle Map as local tier, which it finds again after a restart, a Hazelcast member as out tier, a Kafka topic as log.
     * It audits itself. Does not wait until it is ready.
     */
    static G2Node node(NodeOptions options) {
        return G2Node.builder()
                .namespace("demo")
                .local(ChronicleLocal.builder()
                        .persistTo(Path.of(options.localDirectory()))
                        .build())
                .out(HazelcastOut.member()
                        .clusterName(options.cluster())
                        .bindHost("127.0.0.1")
                        .port(options.memberPort())
                        .members(options.members().toArray(String[]::new))
                        .build())
                .sync(KafkaSync.builder()
                        .bootstrapServers(options.bootstrapServers())
                        .build())
                .auditKeysPerSecond(AUDIT_KEYS_PER_SECOND)
                .startTimeout(START_TIMEOUT)
                .awaitReady(false)
                .build();
    }
}
