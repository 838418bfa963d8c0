package io.g2cache.testkit.kafka;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a broker was built with. Immutable.
 *
 * @param properties server properties that replace the defaults
 * @param startTimeout how long a start may take
 * @param proxyPort port of the proxy that clients of the second listener are sent to, or null
 * @param users passwords of the users of the secured listener; empty where there is no such listener
 */
record BrokerOptions(
        Map<String, String> properties,
        Duration startTimeout,
        @Nullable Integer proxyPort,
        Map<String, String> users) {
    BrokerOptions {
        properties = Map.copyOf(properties);
        users = Map.copyOf(users);
    }
}
