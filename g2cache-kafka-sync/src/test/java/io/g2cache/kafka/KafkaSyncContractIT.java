package io.g2cache.kafka;

import io.g2cache.spi.SyncLogProvider;
import io.g2cache.testkit.SyncLogContract;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaSyncContractIT extends SyncLogContract {
    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    @Override
    protected SyncLogProvider provider() {
        return KafkaSync.builder()
                .bootstrapServers(BROKER.bootstrapServers())
                .partitions(4)
                .replicationFactor(1)
                .build();
    }
}
