package io.g2cache.testkit.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several real Kafka brokers, each with its controller in a child JVM of its own, tuned to notice a dead broker within
 * about three seconds. Each broker can be killed, stopped, suspended and started again by itself; with three brokers one may
 * be away, with two away there is no controller, and a single broker that is started then waits for a second one.
 *
 * <p>An unclean election, which forgets acknowledged records, is made so, with {@link TopicAdmin} for the questions:
 *
 * <ol>
 *   <li>create a topic with two replicas, {@code min.insync.replicas=1};
 *   <li>kill the follower, and append: only the leader has these records;
 *   <li>kill the leader, and start the follower again: the partition has no leader and, at last, none in sync;
 *   <li>{@link TopicAdmin#electUncleanly}: the follower leads, without those records. Setting the topic's {@code
 *       unclean.leader.election.enable} does the same only before the follower starts, or after five minutes;
 *   <li>start the old leader again: it truncates its log to the new leader's.
 * </ol>
 *
 * <p>The third broker keeps the controllers' majority. Thread-safe: the list of brokers is guarded by the monitor of the
 * cluster, each broker by its own.
 */
public final class KafkaCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);
    private static final int PORT_TRIES = 5;

    private final int size;
    private final BrokerOptions options;
    private final Map<Integer, List<Integer>> proxyPorts;
    private List<KafkaBroker> brokers;

    KafkaCluster(int size, BrokerOptions options, Map<Integer, List<Integer>> proxyPorts) {
        this.size = size;
        this.options = options;
        this.proxyPorts = Map.copyOf(proxyPorts);
        this.brokers = newBrokers();
    }

    /** A builder; three brokers by default. */
    public static KafkaClusterBuilder builder() {
        return new KafkaClusterBuilder();
    }

    private List<KafkaBroker> newBrokers() {
        int proxied = proxyPorts.values().stream().mapToInt(List::size).max().orElse(0);
        return BrokerPlace.cluster(size, proxied).stream()
                .map(place -> new KafkaBroker(
                        options.withProxyPorts(proxyPorts.getOrDefault(place.nodeId(), List.of())), place, null))
                .toList();
    }

    /**
     * Starts all brokers that do not run, at the same time, and waits until they serve.
     *
     * @return this cluster
     * @throws IllegalStateException if a broker does not serve in time, or the cluster is closed
     */
    public synchronized KafkaCluster start() {
        boolean mayMove = brokers.stream().noneMatch(KafkaBroker::wasStarted);
        for (int i = 1; ; i++) {
            try {
                startMissing();
                return this;
            } catch (IllegalStateException e) {
                if (!mayMove || !KafkaBroker.isPortTaken(e) || i == PORT_TRIES) {
                    throw e;
                }
                LOG.warn("a port was taken by somebody else, trying others", e);
                brokers.forEach(KafkaBroker::close);
                brokers = newBrokers();
            }
        }
    }

    private void startMissing() {
        ExecutorService starters = Executors.newFixedThreadPool(size);
        try {
            List<CompletableFuture<KafkaBroker>> starts = new ArrayList<>();
            for (KafkaBroker broker : brokers) {
                if (!broker.isRunning()) {
                    starts.add(CompletableFuture.supplyAsync(broker::start, starters));
                }
            }
            CompletableFuture.allOf(starts.toArray(CompletableFuture<?>[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IllegalStateException cause
                    ? cause
                    : new IllegalStateException("a broker could not be started", e);
        } finally {
            starters.shutdown();
        }
    }

    /** Addresses of all brokers for {@code bootstrap.servers}. */
    public synchronized String bootstrapServers() {
        return brokers.stream().map(KafkaBroker::bootstrapServers).collect(Collectors.joining(","));
    }

    /** All brokers, in the order of their node ids. */
    public synchronized List<KafkaBroker> brokers() {
        return brokers;
    }

    /** The broker with a node id, from 1. */
    public synchronized KafkaBroker broker(int nodeId) {
        if (nodeId < 1 || nodeId > size) {
            throw new IllegalArgumentException("nodeId=" + nodeId + " must be 1 to " + size);
        }
        return brokers.get(nodeId - 1);
    }

    /** Ends all brokers and deletes their directories. Idempotent. */
    @Override
    public synchronized void close() {
        brokers.forEach(KafkaBroker::close);
    }
}
