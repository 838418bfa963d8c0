package io.g2cache.testkit.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a broker was built with. Immutable.
 *
 * @param properties server properties that replace the defaults
 * @param startTimeout how long a start may take
 * @param proxyPorts ports of the proxies that clients of further listeners are sent to, one listener each
 * @param users passwords of the users of the secured listener; empty where there is no such listener
 */
record BrokerOptions(
        Map<String, String> properties, Duration startTimeout, List<Integer> proxyPorts, Map<String, String> users) {
    BrokerOptions {
        properties = Map.copyOf(properties);
        proxyPorts = List.copyOf(proxyPorts);
        users = Map.copyOf(users);
    }

    /** The same behind other proxies. */
    BrokerOptions withProxyPorts(List<Integer> ports) {
        return new BrokerOptions(properties, startTimeout, ports, users);
    }
}
