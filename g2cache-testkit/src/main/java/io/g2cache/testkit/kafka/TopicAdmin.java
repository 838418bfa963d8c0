package io.g2cache.testkit.kafka;

import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * What tests of several brokers ask about topics and change of them. Needs {@code kafka-clients}, which is an optional
 * dependency of the test kit. Thread-safe. Every call ends within 30 seconds, or the given timeout, with an {@link
 * IllegalStateException} where it fails.
 */
public final class TopicAdmin implements AutoCloseable {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 50;

    private final Admin admin;

    /** Connects to a cluster. */
    public TopicAdmin(String bootstrapServers) {
        this(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Connects with properties of one's own. */
    public TopicAdmin(Map<String, String> properties) {
        this.admin = Admin.create(Map.copyOf(properties));
    }

    /**
     * Creates a topic and waits until each of its partitions has a leader.
     *
     * @param replicas for each partition the node ids that hold it, the preferred leader first
     * @param settings settings of the topic
     */
    public void create(String topic, Map<Integer, List<Integer>> replicas, Map<String, String> settings) {
        NewTopic wanted = new NewTopic(topic, replicas).configs(settings);
        get("creating topic=" + topic, admin.createTopics(List.of(wanted)).all());
        for (int partition : replicas.keySet()) {
            awaitLeader(topic, partition, CALL);
        }
    }

    /** Node id of the leader; -1 while there is none. */
    public int leader(String topic, int partition) {
        return leader(describe(topic, partition));
    }

    /** Node ids of the replicas in sync. */
    public Set<Integer> inSync(String topic, int partition) {
        return inSync(describe(topic, partition));
    }

    /** Waits for a leader, and returns its node id. */
    public int awaitLeader(String topic, int partition, Duration timeout) {
        return leader(await(topic, partition, timeout, info -> leader(info) >= 0, "a leader"));
    }

    /** Waits until there is no leader: every replica in sync is dead. */
    public void awaitNoLeader(String topic, int partition, Duration timeout) {
        await(topic, partition, timeout, info -> leader(info) < 0, "no leader");
    }

    /**
     * Has a living replica elected that is not in sync, where there is no other, and returns its node id. Acknowledged
     * records that it does not hold are lost. The topic need not allow unclean elections.
     */
    public int electUncleanly(String topic, int partition) {
        Set<TopicPartition> partitions = Set.of(new TopicPartition(topic, partition));
        get(
                "electing uncleanly, topic=" + topic + ", partition=" + partition,
                admin.electLeaders(ElectionType.UNCLEAN, partitions).all());
        return awaitLeader(topic, partition, CALL);
    }

    /** Waits until these brokers, and no others, are in sync. */
    public void awaitInSync(String topic, int partition, Set<Integer> nodeIds, Duration timeout) {
        await(topic, partition, timeout, info -> inSync(info).equals(nodeIds), "in sync " + nodeIds);
    }

    private static int leader(TopicPartitionInfo info) {
        Node leader = info.leader();
        return leader == null ? -1 : leader.id();
    }

    private static Set<Integer> inSync(TopicPartitionInfo info) {
        return info.isr().stream().map(Node::id).collect(Collectors.toSet());
    }

    private TopicPartitionInfo describe(String topic, int partition) {
        TopicDescription found = get(
                        "describing topic=" + topic,
                        admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic);
        if (found == null || partition >= found.partitions().size()) {
            throw new IllegalStateException("not found, topic=" + topic + ", partition=" + partition);
        }
        return found.partitions().get(partition);
    }

    private TopicPartitionInfo await(
            String topic, int partition, Duration timeout, Predicate<TopicPartitionInfo> wanted, String what) {
        long start = TimeSource.SYSTEM.monotonicMillis();
        @Nullable TopicPartitionInfo last = null;
        @Nullable IllegalStateException failure = null;
        while (TimeSource.SYSTEM.monotonicMillis() - start < timeout.toMillis()) {
            try {
                last = describe(topic, partition);
                if (wanted.test(last)) {
                    return last;
                }
            } catch (IllegalStateException e) {
                failure = e;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
        throw new IllegalStateException(
                "waited in vain for " + what + ", topic=" + topic + ", partition=" + partition + ", timeout=" + timeout
                        + ", found=" + last,
                failure);
    }

    /** Waits for an answer. */
    static <T> T get(String what, KafkaFuture<T> call) {
        try {
            return call.get(CALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(what + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + " was interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE);
    }
}
