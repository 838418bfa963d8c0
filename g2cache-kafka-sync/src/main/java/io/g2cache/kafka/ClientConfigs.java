package io.g2cache.kafka;

import io.g2cache.spi.LogContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of each Kafka client: the user's properties below, what the protocol needs on top. */
final class ClientConfigs {
    /** What a record batch adds to an event, generously. */
    static final int BATCH_OVERHEAD_BYTES = 1024;

    private static final int TAIL_BATCH = 10_000;
    /** What is repeated after a crash, at most; not the user's to raise. */
    private static final int MATERIALISER_BATCH = 500;

    /**
     * How long a broker keeps a fetch that finds nothing. An idle reader costs the less the longer that is, and an end of it
     * waits for as long: a consumer's close is answered behind its fetch.
     */
    private static final int TAIL_WAIT_MILLIS = 1_000;

    private static final int MATERIALISER_WAIT_MILLIS = 500;
    private static final int SHORT_WAIT_MILLIS = 100;

    /**
     * How long a node's out tier may refuse before another node takes its share of the partitions over. A rebalance waits for
     * a node in that state, at most so long.
     */
    private static final int MATERIALISER_PATIENCE_MILLIS = 60_000;

    /** An idle producer forgets its topic, and the next append waits for a broker's answer first. */
    private static final long METADATA_IDLE_MILLIS = TimeUnit.DAYS.toMillis(1);

    private static final int LEAST_BUFFER_BYTES = 32 << 20;

    /** How long the producer itself may block a thread; what needs longer waits elsewhere. */
    static final int MAX_BLOCK_MILLIS = 5;

    private final KafkaSyncConfig config;
    private final LogContext context;

    ClientConfigs(KafkaSyncConfig config, LogContext context) {
        this.config = config;
        this.context = context;
    }

    private Map<String, Object> common(String role) {
        Map<String, Object> common = new HashMap<>();
        common.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        common.put(CommonClientConfigs.CLIENT_ID_CONFIG, "g2cache-" + context.namespace() + "-" + role);
        common.putAll(config.properties());
        common.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        common.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, config.requestTimeoutMillis());
        return common;
    }

    Map<String, Object> admin() {
        Map<String, Object> admin = common("admin");
        admin.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, config.requestTimeoutMillis());
        return admin;
    }

    /** Waiting for metadata and buffer space takes two fifths of the deadline of an append, delivering the rest. */
    Duration longestBlock() {
        return config.deliveryTimeout().multipliedBy(2).dividedBy(5);
    }

    /** What the producer's buffer holds. */
    long bufferBytes() {
        return Math.max(LEAST_BUFFER_BYTES, 4L * largest());
    }

    private int largest() {
        return context.maximumEventBytes() + BATCH_OVERHEAD_BYTES;
    }

    Map<String, Object> producer() {
        Map<String, Object> producer = common("producer");
        int delivery = (int) config.deliveryTimeout().minus(longestBlock()).toMillis();
        producer.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes());
        producer.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        producer.putIfAbsent(ProducerConfig.METADATA_MAX_IDLE_CONFIG, METADATA_IDLE_MILLIS);
        producer.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG, config.compression().type());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, largest());
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(config.requestTimeoutMillis(), delivery / 2));
        return producer;
    }

    /** What reads for as long as the node lives. */
    Map<String, Object> tail() {
        return tail(TAIL_WAIT_MILLIS);
    }

    /** What is closed when it has come to an end. */
    Map<String, Object> shortTail() {
        return tail(SHORT_WAIT_MILLIS);
    }

    private Map<String, Object> tail(int waitMillis) {
        Map<String, Object> tail = consumer("tail", waitMillis);
        tail.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, TAIL_BATCH);
        tail.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return tail;
    }

    Map<String, Object> materialiser(String group) {
        Map<String, Object> materialiser = consumer("materialiser", MATERIALISER_WAIT_MILLIS);
        materialiser.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MATERIALISER_BATCH);
        materialiser.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        materialiser.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
        materialiser.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MATERIALISER_PATIENCE_MILLIS);
        materialiser.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        materialiser.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        materialiser.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return materialiser;
    }

    private Map<String, Object> consumer(String role, int waitMillis) {
        Map<String, Object> consumer = common(role);
        consumer.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, waitMillis);
        consumer.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, config.requestTimeoutMillis());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return consumer;
    }
}
