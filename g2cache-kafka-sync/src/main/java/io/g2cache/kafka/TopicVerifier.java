package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topic where that is allowed, and refuses one that does not keep what the protocol needs. Used once. */
final class TopicVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TopicVerifier.class);
    private static final int USUAL_REPLICAS = 3;
    private static final int TRIES = 50;
    private static final long PAUSE_MILLIS = 100;

    private final Admin admin;
    private final KafkaSyncConfig config;
    private final TopicNeeds needs;
    private final String topic;
    private final Duration timeout;

    TopicVerifier(Admin admin, KafkaSyncConfig config, LogContext context, String topic) {
        this.admin = admin;
        this.config = config;
        this.needs = TopicNeeds.of(context);
        this.topic = topic;
        this.timeout = config.requestTimeout();
    }

    /**
     * A topic that passed.
     *
     * @param topic its name
     * @param topicId its id, in characters that a generation may have
     * @param partitions how many it has now
     * @param retentionMillis how long it keeps records; -1 for ever
     * @param created whether it was missing before
     */
    record Verified(String topic, String topicId, int partitions, long retentionMillis, boolean created) {}

    Verified verify() {
        TopicDescription description = describe();
        boolean created = description == null;
        if (description == null) {
            if (!config.createTopic()) {
                throw refused(
                        "topic=" + topic + " does not exist, and creating it is not allowed. Run:\n" + createCommand());
            }
            create();
            description = awaitDescription();
        }
        int replicas = replicas(description);
        Map<String, String> actual = settings();
        List<TopicNeeds.Problem> problems = needs.problems(actual, replicas);
        if (!problems.isEmpty()) {
            throw refused("topic=" + topic + " does not keep what the cache needs:\n  "
                    + problems.stream().map(Object::toString).collect(Collectors.joining("\n  ")) + "\nRun:\n"
                    + alterCommand(problems));
        }
        boolean deletes = actual.getOrDefault("cleanup.policy", "").contains("delete");
        return new Verified(
                topic,
                description.topicId().toString(),
                description.partitions().size(),
                deletes ? Long.parseLong(actual.getOrDefault("retention.ms", "-1")) : -1,
                created);
    }

    @Nullable
    TopicDescription describe() {
        try {
            return AdminCalls.await(
                            "describing topic=" + topic,
                            timeout,
                            admin.describeTopics(List.of(topic)).allTopicNames())
                    .get(topic);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw AdminCalls.failure("describing topic=" + topic, "Describe on topic " + topic, e);
        }
    }

    private void create() {
        Optional<Short> replicas =
                config.replicationFactor() < 0 ? Optional.empty() : Optional.of(config.replicationFactor());
        NewTopic wanted = new NewTopic(topic, Optional.of(config.partitions()), replicas)
                .configs(needs.settings(wantedReplicas()));
        try {
            AdminCalls.await(
                    "creating topic=" + topic,
                    timeout,
                    admin.createTopics(List.of(wanted)).all());
            LOG.info("created topic={}, partitions={}", topic, config.partitions());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw AdminCalls.failure("creating topic=" + topic, "Create on topic " + topic, e);
            }
            LOG.debug("topic={} was created by another node", topic);
        }
    }

    /** Brokers learn of a new topic one after another, and of its partitions' leaders a little later. */
    private TopicDescription awaitDescription() {
        for (int i = 0; i < TRIES; i++) {
            TopicDescription description = describe();
            if (description != null && description.partitions().stream().allMatch(p -> p.leader() != null)) {
                return description;
            }
            pause();
        }
        throw new SyncLogException(
                Outcome.FAILED,
                "topic=" + topic + " was created but does not appear, waitedMillis>=" + TRIES * PAUSE_MILLIS);
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncLogException(Outcome.FAILED, "interrupted while waiting for topic=" + topic, e);
        }
    }

    /** How many replicas a created topic gets; asked of a broker where the user leaves it to them. */
    private int wantedReplicas() {
        if (config.replicationFactor() > 0) {
            return config.replicationFactor();
        }
        String what = "asking for default.replication.factor";
        try {
            Node broker = AdminCalls.await(
                            what, timeout, admin.describeCluster().nodes())
                    .stream()
                    .findFirst()
                    .orElseThrow(() -> new SyncLogException(
                            Outcome.FAILED, "no broker is known, bootstrapServers=" + config.bootstrapServers()));
            ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
            Config found = AdminCalls.await(
                            what,
                            timeout,
                            admin.describeConfigs(List.of(resource)).all())
                    .get(resource);
            ConfigEntry entry = found == null ? null : found.get("default.replication.factor");
            return entry == null ? 1 : Integer.parseInt(entry.value());
        } catch (ExecutionException e) {
            throw AdminCalls.failure(what, "DescribeConfigs on the cluster", e);
        }
    }

    static int replicas(TopicDescription description) {
        return description.partitions().stream()
                .mapToInt(p -> p.replicas().size())
                .min()
                .orElse(1);
    }

    Map<String, String> settings() {
        try {
            Map<String, String> settings = new HashMap<>();
            AdminCalls.await(
                            "reading the settings of topic=" + topic,
                            timeout,
                            admin.describeConfigs(List.of(resource())).all())
                    .values()
                    .forEach(found -> found.entries().forEach(e -> settings.put(e.name(), e.value())));
            return settings;
        } catch (ExecutionException e) {
            throw AdminCalls.failure("reading the settings of topic=" + topic, "DescribeConfigs on topic " + topic, e);
        }
    }

    private ConfigResource resource() {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    String alterCommand(List<TopicNeeds.Problem> problems) {
        return "kafka-configs.sh --bootstrap-server " + config.bootstrapServers()
                + " --entity-type topics --entity-name " + topic + " --alter --add-config '"
                + problems.stream().map(p -> p.setting() + "=" + p.repair()).collect(Collectors.joining(",")) + "'";
    }

    String createCommand() {
        StringBuilder command = new StringBuilder("kafka-topics.sh --bootstrap-server " + config.bootstrapServers()
                + " --create --topic " + topic + " --partitions " + config.partitions());
        int replicas = replicasToName();
        if (config.replicationFactor() > 0 || replicas == USUAL_REPLICAS) {
            command.append(" --replication-factor ").append(replicas);
        }
        needs.settings(replicas)
                .forEach((name, value) ->
                        command.append(" --config ").append(name).append('=').append(value));
        return command.toString();
    }

    /** A command may name the usual number where the brokers do not say theirs to this user. */
    private int replicasToName() {
        try {
            return wantedReplicas();
        } catch (SyncLogException e) {
            LOG.debug("the brokers do not say how many replicas they make, replicas={} is named", USUAL_REPLICAS, e);
            return USUAL_REPLICAS;
        }
    }

    private static SyncLogException refused(String message) {
        return SyncLogException.refused(message);
    }
}
