package io.g2cache.testkit.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One broker for all tests of a class: register it in a static field. A child JVM by default; a container where the system
 * property {@code g2cache.kafka} is {@code testcontainers}. Tests that kill or stop the broker use a {@link KafkaBroker}
 * of their own.
 *
 * <p>Thread-safe once the tests run.
 */
public final class KafkaBrokerExtension implements BeforeAllCallback, AfterAllCallback {
    /** System property that chooses the kind of broker: {@code child} (default) or {@code testcontainers}. */
    public static final String KIND_PROPERTY = "g2cache.kafka";

    /** A running broker of either kind. */
    interface Server extends AutoCloseable {
        String bootstrapServers();

        @Override
        void close();
    }

    private final Map<String, String> properties = new LinkedHashMap<>();
    private volatile @Nullable Server server;

    /** A broker with the usual settings. */
    public KafkaBrokerExtension() {}

    /** Adds a server property; before the tests run. */
    public KafkaBrokerExtension property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    /** Addresses for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        Server running = server;
        if (running == null) {
            throw new IllegalStateException("no broker is running: register the extension in a static field");
        }
        return running.bootstrapServers();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        String kind = System.getProperty(KIND_PROPERTY, "child");
        server = switch (kind) {
            case "child" -> startChild();
            case "testcontainers" -> KafkaInContainer.start(properties);
            default ->
                throw new IllegalArgumentException(
                        KIND_PROPERTY + "='" + kind + "' must be 'child' or 'testcontainers'");
        };
    }

    private Server startChild() {
        KafkaBrokerBuilder builder = KafkaBroker.builder();
        properties.forEach(builder::property);
        KafkaBroker broker = builder.build();
        try {
            broker.start();
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
        return new ChildServer(broker);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Server running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    private record ChildServer(KafkaBroker broker) implements Server {
        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
