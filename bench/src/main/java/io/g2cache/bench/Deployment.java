package io.g2cache.bench;

import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.testkit.kafka.KafkaBroker;

/**
 * A real Kafka broker in a child JVM and a Hazelcast member in this one, both on loopback. Starting them takes some
 * seconds. Thread-safe.
 */
final class Deployment implements AutoCloseable {
    private final KafkaBroker broker;
    private final HazelcastOut hazelcast;

    Deployment() {
        broker = KafkaBroker.builder().start();
        hazelcast = HazelcastOut.member()
                .clusterName("g2cache-bench-" + broker.pid())
                .configure(config -> config.getNetworkConfig().setPortAutoIncrement(true))
                .build();
    }

    /** Addresses of the broker. */
    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** The log, with its defaults; safe to close apart from the deployment. */
    SyncLogProvider log() {
        return Logs.on(broker);
    }

    /** The out tier; safe to close apart from the deployment. */
    OutCacheProvider out() {
        return HazelcastOut.using(hazelcast.instance());
    }

    /** The member's own map, without us. */
    com.hazelcast.map.IMap<String, byte[]> plainMap() {
        return hazelcast.instance().getMap("plain");
    }

    @Override
    public void close() {
        hazelcast.close();
        broker.close();
    }
}
