package io.g2cache.testkit.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Builds a {@link KafkaBroker}. Not thread-safe; may be used again, each broker keeps its own copy of the settings. */
public final class KafkaBrokerBuilder {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9-]+");

    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private Duration startTimeout = Duration.ofSeconds(60);
    private List<Integer> proxyPorts = List.of();

    KafkaBrokerBuilder() {}

    /** Adds a server property, or replaces one of the defaults. */
    public KafkaBrokerBuilder property(String key, String value) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("key='" + key + "' must not be blank");
        }
        properties.put(key, value);
        return this;
    }

    /** How long a start may take; 60 seconds by default. */
    public KafkaBrokerBuilder startTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("startTimeout=" + timeout + " must be positive");
        }
        this.startTimeout = timeout;
        return this;
    }

    /**
     * Adds a second listener, {@link KafkaBroker#proxiedPort()}, whose clients are told to connect to this loopback port: a
     * proxy in front of the broker.
     */
    public KafkaBrokerBuilder proxyPort(int port) {
        proxyPorts = List.of(FreePorts.checked("proxyPort", port));
        return this;
    }

    /**
     * Adds a user, and with the first one a listener of its own, {@link KafkaBroker#securedBootstrapServers()}, that takes TLS
     * with SASL/PLAIN only and allows a user nothing that {@link KafkaAcls} does not allow. On the other listeners everything
     * stays allowed.
     */
    public KafkaBrokerBuilder user(String name, String password) {
        if (!PLAIN.matcher(name).matches() || !PLAIN.matcher(password).matches()) {
            throw new IllegalArgumentException("user='" + name + "' and its password must be of " + PLAIN);
        }
        users.put(name, password);
        return this;
    }

    /** The broker, not started. */
    public KafkaBroker build() {
        return build(null);
    }

    /** A broker, not started, that loads what is given, or else what all brokers load. */
    KafkaBroker build(@Nullable BrokerClasses classes) {
        return new KafkaBroker(new BrokerOptions(properties, startTimeout, proxyPorts, users), null, classes);
    }

    /** Builds a broker and starts it; see {@link KafkaBroker#start()}. */
    public KafkaBroker start() {
        return build().start();
    }
}
