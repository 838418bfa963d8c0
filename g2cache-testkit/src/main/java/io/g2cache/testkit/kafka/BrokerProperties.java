package io.g2cache.testkit.kafka;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The settings of a small and quick broker. */
final class BrokerProperties {
    private BrokerProperties() {}

    static Properties of(Path data, BrokerPlace place, BrokerOptions options, @Nullable TestCertificate certificate) {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", Integer.toString(place.nodeId()));
        properties.setProperty("controller.quorum.voters", place.voters());
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty("log.dirs", data.toString());
        listeners(properties, place, options);
        storage(properties, place);
        if (place.clusterSize() > 1) {
            failover(properties);
        }
        if (certificate != null) {
            BrokerSecurity.add(properties, options.users(), certificate);
        }
        properties.putAll(options.properties());
        return properties;
    }

    private static void listeners(Properties properties, BrokerPlace place, BrokerOptions options) {
        List<String> listeners = new ArrayList<>(
                List.of("PLAINTEXT://127.0.0.1:" + place.port(), "CONTROLLER://127.0.0.1:" + place.controllerPort()));
        List<String> advertised = new ArrayList<>(List.of("PLAINTEXT://127.0.0.1:" + place.port()));
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL");
        for (int i = 0; i < options.proxyPorts().size(); i++) {
            listeners.add("PROXIED" + i + "://127.0.0.1:" + place.proxiedPorts().get(i));
            advertised.add(
                    "PROXIED" + i + "://127.0.0.1:" + options.proxyPorts().get(i));
            protocols.append(",PROXIED").append(i).append(":PLAINTEXT");
        }
        if (!options.users().isEmpty()) {
            listeners.add("SECURED://127.0.0.1:" + place.securedPort());
            advertised.add("SECURED://127.0.0.1:" + place.securedPort());
        }
        properties.setProperty("listeners", String.join(",", listeners));
        properties.setProperty("advertised.listeners", String.join(",", advertised));
        properties.setProperty("listener.security.protocol.map", protocols.toString());
    }

    private static void storage(Properties properties, BrokerPlace place) {
        String replicas = Integer.toString(Math.min(3, place.clusterSize()));
        String inSync = Integer.toString(place.clusterSize() >= 3 ? 2 : 1);
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            properties.setProperty(topic + ".num.partitions", "1");
            properties.setProperty(topic + ".replication.factor", replicas);
        }
        properties.setProperty("default.replication.factor", replicas);
        properties.setProperty("transaction.state.log.min.isr", inSync);
        properties.setProperty("share.coordinator.state.topic.min.isr", inSync);
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "2");
        properties.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        properties.setProperty("log.initial.task.delay.ms", "100");
        properties.setProperty("log.retention.check.interval.ms", "500");
        properties.setProperty("log.cleaner.backoff.ms", "200");
        properties.setProperty("log.segment.delete.delay.ms", "100");
        properties.setProperty("broker.session.timeout.ms", "2000");
        properties.setProperty("broker.heartbeat.interval.ms", "200");
    }

    /** A dead broker is noticed, and its partitions are led by others, within a few seconds. */
    private static void failover(Properties properties) {
        properties.setProperty("broker.session.timeout.ms", "1500");
        properties.setProperty("controller.quorum.election.timeout.ms", "300");
        properties.setProperty("controller.quorum.fetch.timeout.ms", "600");
        properties.setProperty("controller.quorum.election.backoff.max.ms", "100");
        properties.setProperty("replica.lag.time.max.ms", "2000");
    }
}
