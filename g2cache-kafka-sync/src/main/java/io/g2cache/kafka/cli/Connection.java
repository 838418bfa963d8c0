package io.g2cache.kafka.cli;

import io.g2cache.G2CacheException;
import io.g2cache.G2Node;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.kafka.KafkaSyncBuilder;
import io.g2cache.kafka.LogTopic;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which topic of which brokers. */
final class Connection {
    private static final String NO_NAMESPACE = "log";
    /** A consumer that closes waits for its last fetch, and commands are short. */
    private static final Map<String, String> FASTER = Map.of("fetch.max.wait.ms", "50");

    @Option(
            names = {"-b", "--bootstrap-server"},
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "Brokers to begin with.")
    private String servers = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Namespace of the deployment; its topic is g2cache-NAME.")
    private @Nullable String namespace;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "NAME",
            description = "Topic, where it is not the namespace's own.")
    private @Nullable String topic;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description = "Property of the Kafka clients: TLS, SASL and the like. May be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = "--command-config", paramLabel = "FILE", description = "File with such properties.")
    private @Nullable Path file;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "Longest wait for an answer of the brokers; default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(10);

    Duration timeout() {
        return timeout;
    }

    LogTopic connect(CommandLine line, TimeSource time, TopicOptions options) {
        if (namespace == null && topic == null) {
            throw new ParameterException(line, "--namespace or --topic is needed");
        }
        KafkaSync sync;
        LogContext context;
        try {
            sync = sync(options);
            context = context(time, options);
        } catch (IllegalArgumentException | G2CacheException | IOException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
        return LogTopic.connect(sync, context);
    }

    private KafkaSync sync(TopicOptions options) throws IOException {
        KafkaSyncBuilder builder = KafkaSync.builder().bootstrapServers(servers).requestTimeout(timeout);
        FASTER.forEach(builder::property);
        if (topic != null) {
            builder.topic(topic);
        }
        for (Map.Entry<String, String> property : fromFile().entrySet()) {
            builder.property(property.getKey(), property.getValue());
        }
        properties.forEach(builder::property);
        options.applyTo(builder);
        return builder.build();
    }

    private Map<String, String> fromFile() throws IOException {
        Path path = file;
        if (path == null) {
            return Map.of();
        }
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            read.load(reader);
        } catch (IOException e) {
            throw new IOException("--command-config=" + path + " cannot be read: " + e, e);
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String name : read.stringPropertyNames()) {
            found.put(name, read.getProperty(name, ""));
        }
        return found;
    }

    /** The node's builder checks the values, as it would in a service. */
    private LogContext context(TimeSource time, TopicOptions options) {
        String name = namespace == null ? NO_NAMESPACE : namespace;
        G2Node.builder()
                .namespace(name)
                .maximumLifetime(options.maximumLifetime())
                .fenceWindow(options.fenceWindow())
                .maximumEventBytes(options.maximumEventBytes());
        return new LogContext(
                name,
                NO_NAMESPACE,
                options.maximumLifetime(),
                options.fenceWindow(),
                options.maximumEventBytes(),
                time);
    }

    /** What a failure is about. */
    String servers() {
        return servers;
    }
}
