package io.g2cache.testkit.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a {@link KafkaCluster}. Not thread-safe; may be used again, each cluster keeps its own copy of the settings. */
public final class KafkaClusterBuilder {
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<Integer, List<Integer>> proxyPorts = new LinkedHashMap<>();
    private int size = 3;
    private Duration startTimeout = Duration.ofSeconds(90);

    KafkaClusterBuilder() {}

    /** How many brokers there are; 3 by default. */
    public KafkaClusterBuilder size(int brokers) {
        if (brokers < 1 || brokers > 9) {
            throw new IllegalArgumentException("size=" + brokers + " must be 1 to 9");
        }
        this.size = brokers;
        return this;
    }

    /** Adds a property to every broker, or replaces one of the defaults. */
    public KafkaClusterBuilder property(String key, String value) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("key='" + key + "' must not be blank");
        }
        properties.put(key, value);
        return this;
    }

    /**
     * Adds to one broker, named by its node id from 1, a listener for each of these proxies. Clients that come by {@link
     * KafkaBroker#proxiedPort(int)} of an index are told to connect to the proxy at that index, on every broker: proxies with
     * the same index are the way of one client to all brokers.
     */
    public KafkaClusterBuilder proxyPorts(int nodeId, List<Integer> ports) {
        ports.forEach(port -> FreePorts.checked("proxyPort", port));
        proxyPorts.put(nodeId, List.copyOf(ports));
        return this;
    }

    /** How long the start of a broker may take; 90 seconds by default. */
    public KafkaClusterBuilder startTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("startTimeout=" + timeout + " must be positive");
        }
        this.startTimeout = timeout;
        return this;
    }

    /** The cluster, not started. */
    public KafkaCluster build() {
        return new KafkaCluster(size, new BrokerOptions(properties, startTimeout, List.of(), Map.of()), proxyPorts);
    }

    /** Builds a cluster and starts it; see {@link KafkaCluster#start()}. */
    public KafkaCluster start() {
        KafkaCluster cluster = build();
        try {
            return cluster.start();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }
}
