package io.g2cache.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link KafkaSync}. Every setter checks its argument at once. Not thread-safe; may be used again, what was built
 * keeps its own copy.
 */
public final class KafkaSyncBuilder {
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** What the protocol rests on; setting these is refused. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "compression.type",
            "delivery.timeout.ms",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "group.protocol",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "max.block.ms",
            "partition.assignment.strategy",
            "request.timeout.ms",
            "retries",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    private final Map<String, String> properties = new TreeMap<>();
    private @Nullable String bootstrapServers;
    private @Nullable String topic;
    private int partitions = 12;
    private short replicationFactor = -1;
    private boolean createTopic = true;
    private Duration requestTimeout = Duration.ofSeconds(5);
    private Duration deliveryTimeout = Duration.ofSeconds(5);
    private Duration openTimeout = Duration.ofSeconds(60);
    private Compression compression = Compression.NONE;

    KafkaSyncBuilder() {}

    /** Brokers to begin with, {@code host:port,host:port}. Required. */
    public KafkaSyncBuilder bootstrapServers(String servers) {
        if (servers.isBlank()) {
            throw new IllegalArgumentException("bootstrapServers='" + servers + "' must not be blank");
        }
        this.bootstrapServers = servers;
        return this;
    }

    /** Name of the topic; {@code g2cache-} and the node's namespace by default. */
    public KafkaSyncBuilder topic(String name) {
        if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "topic='" + name + "' must be 1 to 249 of the characters a-z, A-Z, 0-9, '.', '_', '-'");
        }
        this.topic = name;
        return this;
    }

    /** Partition count of a topic that is created; 12 by default. An existing topic keeps its own. */
    public KafkaSyncBuilder partitions(int count) {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("partitions=" + count + " must be 1 to 10000");
        }
        this.partitions = count;
        return this;
    }

    /** Replicas of a topic that is created; -1, the default, leaves it to the brokers. */
    public KafkaSyncBuilder replicationFactor(int replicas) {
        if (replicas != -1 && (replicas < 1 || replicas > Short.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "replicationFactor=" + replicas + " must be -1 or 1 to " + Short.MAX_VALUE);
        }
        this.replicationFactor = (short) replicas;
        return this;
    }

    /** Whether a missing topic is created; true by default. */
    public KafkaSyncBuilder createTopic(boolean create) {
        this.createTopic = create;
        return this;
    }

    /**
     * Passes a property to every Kafka client: TLS, SASL, {@code client.rack} and the like.
     *
     * @throws IllegalArgumentException if the protocol rests on that property
     */
    public KafkaSyncBuilder property(String key, String value) {
        if (key.isBlank() || OURS.contains(key)) {
            throw new IllegalArgumentException("property '" + key + "' cannot be set: " + OURS + " are given");
        }
        properties.put(key, value);
        return this;
    }

    /**
     * Passes several properties, for example those of a {@code client.properties} file; see {@link #property}.
     *
     * @throws IllegalArgumentException if the protocol rests on one of them; nothing is passed then
     */
    public KafkaSyncBuilder properties(Map<String, String> added) {
        KafkaSyncBuilder checked = new KafkaSyncBuilder();
        added.forEach(checked::property);
        properties.putAll(checked.properties);
        return this;
    }

    /** Longest wait for one answer of a broker; 5 seconds by default. Appends wait at most {@link #deliveryTimeout}. */
    public KafkaSyncBuilder requestTimeout(Duration timeout) {
        this.requestTimeout = checked("requestTimeout", timeout);
        return this;
    }

    /** Longest time until an append has an outcome; 5 seconds by default. */
    public KafkaSyncBuilder deliveryTimeout(Duration timeout) {
        this.deliveryTimeout = checked("deliveryTimeout", timeout);
        return this;
    }

    /** Longest time that opening may read the log in search of the pinned partition count; 60 seconds by default. */
    public KafkaSyncBuilder openTimeout(Duration timeout) {
        this.openTimeout = checked("openTimeout", timeout);
        return this;
    }

    /**
     * How this node compresses the events that it writes; not at all by default. Nodes with different settings read each
     * other's events.
     */
    public KafkaSyncBuilder compression(Compression value) {
        this.compression = value;
        return this;
    }

    private static Duration checked(String name, Duration timeout) {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + "=" + timeout + " must be " + SHORTEST + " to " + LONGEST);
        }
        return timeout;
    }

    /**
     * The provider; it connects when a node opens it.
     *
     * @throws IllegalStateException if no brokers were named
     */
    public KafkaSync build() {
        String servers = bootstrapServers;
        if (servers == null) {
            throw new IllegalStateException("bootstrapServers is required");
        }
        return new KafkaSync(new KafkaSyncConfig(
                servers,
                topic,
                partitions,
                replicationFactor,
                createTopic,
                properties,
                requestTimeout,
                deliveryTimeout,
                openTimeout,
                compression));
    }
}
