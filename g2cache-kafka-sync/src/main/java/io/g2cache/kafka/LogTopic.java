package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A log looked at from outside, by tools: it is no node, joins no group and writes no event. Services do not need it.
 *
 * <p>Used by one thread at a time. Every call waits for the brokers at most as long as the request timeout of the
 * {@link KafkaSync} says, once for each question that it asks, and then throws {@link SyncLogException}.
 */
public final class LogTopic implements AutoCloseable {
    /** So many records are looked at to tell a log from another topic. */
    private static final int SAMPLE = 100;

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSyncConfig config;
    private final LogContext context;
    private final ClientConfigs clients;
    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
    private final String topic;
    private final Admin admin;
    private final TopicVerifier verifier;

    private LogTopic(KafkaSync sync, LogContext context) {
        this.config = sync.config();
        this.context = context;
        this.clients = new ClientConfigs(config, context);
        this.topic = config.topicOf(context.namespace());
        this.admin = Admin.create(clients.admin());
        this.verifier = new TopicVerifier(admin, config, context, topic);
    }

    /**
     * Prepares the connection; the topic may be missing.
     *
     * @throws SyncLogException if the address or a client property is of no use
     */
    public static LogTopic connect(KafkaSync sync, LogContext context) {
        try {
            return new LogTopic(sync, context);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new SyncLogException(Outcome.FAILED, "no connection can be made: " + cause.getMessage(), e);
        }
    }

    /** Name of the topic. */
    public String name() {
        return topic;
    }

    /**
     * Creates the topic if it is missing, and verifies it in any case; returns whether it was created.
     *
     * @throws SyncLogException if it does not keep what the cache needs; the message names each setting and the command
     *     that mends it
     */
    public boolean create() {
        return verifier.verify().created();
    }

    /** The command that creates the topic by hand. */
    public String createCommand() {
        return verifier.createCommand();
    }

    /**
     * The id of the topic: another one of the same name has another.
     *
     * @throws SyncLogException if there is no such topic
     */
    public String topicId() {
        return description().topicId().toString();
    }

    TopicDescription description() {
        TopicDescription description = verifier.describe();
        if (description == null) {
            throw new SyncLogException(Outcome.FAILED, "topic=" + topic + " does not exist");
        }
        return description;
    }

    /** How many partitions the topic has now, also those added after the count was pinned. */
    public int partitions() {
        return description().partitions().size();
    }

    /** How many replicas each partition has, at the least. */
    public int replicas() {
        return TopicVerifier.replicas(description());
    }

    /**
     * Refuses a topic that holds records, the first of which are none of a g2cache log.
     *
     * @throws SyncLogException if it does, or is missing
     */
    public void requireLog() {
        int partitions = partitions();
        LogPosition start = startOffsets(partitions);
        LogPosition end = endOffsets(partitions);
        Map<Integer, Long> filled = new TreeMap<>();
        for (int p = 0; p < partitions; p++) {
            if (start.offset(p) < end.offset(p)) {
                filled.put(p, start.offset(p));
            }
        }
        if (filled.isEmpty()) {
            return;
        }
        int[] seen = new int[2];
        long started = context.time().monotonicMillis();
        try (LogScan scan = scan(filled)) {
            while (seen[0] < SAMPLE && seen[1] == 0 && !isRead(scan, filled, end)) {
                if (context.time().monotonicMillis() - started > config.requestTimeoutMillis()) {
                    throw new SyncLogException(
                            Outcome.FAILED,
                            "reading topic=" + topic + " got no answer, timeout=" + config.requestTimeout());
                }
                scan.poll(POLL, found -> {
                    seen[0]++;
                    seen[1] += found.isOurs() ? 1 : 0;
                });
            }
        }
        if (seen[0] > 0 && seen[1] == 0) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    "topic=" + topic + " is no g2cache log: none of its first records=" + seen[0] + " is");
        }
    }

    private static boolean isRead(LogScan scan, Map<Integer, Long> partitions, LogPosition end) {
        return partitions.keySet().stream().allMatch(p -> scan.next(p) >= end.offset(p));
    }

    /** First offset held of each of the partitions from 0 on. */
    public LogPosition startOffsets(int partitions) {
        return answer(offsets(partitions).start());
    }

    /** End of each of the partitions from 0 on. */
    public LogPosition endOffsets(int partitions) {
        return answer(offsets(partitions).end());
    }

    /** Offset of the first record of each partition appended at that wall-clock time or later; its end where there is none. */
    public LogPosition offsetsSince(int partitions, long wallMillis) {
        return answer(offsets(partitions).since(wallMillis));
    }

    private LogOffsets offsets(int partitions) {
        return new LogOffsets(admin, topic, partitions, config.requestTimeout());
    }

    private LogPosition answer(CompletableFuture<LogPosition> bounded) {
        try {
            return bounded.join();
        } catch (CompletionException e) {
            throw AdminCalls.failure("asking for offsets of topic=" + topic, "Describe on topic " + topic, e);
        }
    }

    /** A reader of the given partitions, each from the given offset on. */
    public LogScan scan(Map<Integer, Long> from) {
        return new LogScan(
                new KafkaConsumer<>(clients.shortTail(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                codec,
                topic,
                from);
    }

    /**
     * Everything that the brokers tell about the topic. Finding the pinned partition count may read a long partition, for
     * up to a minute.
     *
     * @throws SyncLogException if the topic is missing or its partitions cannot be asked; what less important questions got no
     *     answer is noted in the report
     */
    public TopicReport report() {
        return new TopicReporter(admin, clients, codec, config, context, verifier, this).report();
    }

    @Override
    public void close() {
        admin.close(AdminCalls.CLOSE_TIMEOUT);
    }
}
