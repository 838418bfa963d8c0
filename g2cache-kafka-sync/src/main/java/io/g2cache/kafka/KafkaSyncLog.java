package io.g2cache.kafka;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The opened log. Thread-safe: admin client and producer are, readers have a consumer each. */
final class KafkaSyncLog implements SyncLog {
    private final KafkaSyncConfig config;
    private final LogContext context;
    private final ClientConfigs clients;
    private final EventCodec codec;
    private final Admin admin;
    private final Appender appender;
    private final PartitionPin pin;
    private final History history;
    private final LogOffsets offsets;
    private final String topic;
    private final int partitions;
    private final String generation;

    KafkaSyncLog(
            KafkaSyncConfig config,
            LogContext context,
            ClientConfigs clients,
            EventCodec codec,
            Admin admin,
            Appender appender,
            TopicVerifier.Verified verified,
            PartitionPin pin,
            int partitions) {
        this.config = config;
        this.context = context;
        this.clients = clients;
        this.codec = codec;
        this.admin = admin;
        this.appender = appender;
        this.pin = pin;
        this.topic = verified.topic();
        this.partitions = partitions;
        this.generation = generation(verified.topicId(), partitions, pin.truncations());
        this.offsets = new LogOffsets(admin, topic, partitions, config.requestTimeout());
        this.history = new History(verified, pin, offsets::identity);
    }

    static String generation(String topicId, int partitions, int truncations) {
        return topicId + "-" + partitions + "-" + truncations;
    }

    @Override
    public String generation() {
        return generation;
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public CompletableFuture<Long> append(int partition, Event event) {
        if (partition < 0 || partition >= partitions) {
            throw new IllegalArgumentException("partition=" + partition + " must be 0 to " + (partitions - 1));
        }
        return appender.append(partition, codec.encode(event));
    }

    @Override
    public LogReader tail(LogPosition from) {
        return reader(from, clients.tail());
    }

    @Override
    public LogReader replay(LogPosition from) {
        return reader(from, clients.shortTail());
    }

    private LogReader reader(LogPosition from, Map<String, Object> settings) {
        if (from.partitions() != partitions) {
            throw new IllegalArgumentException("position=" + from + " must have partitions=" + partitions);
        }
        return new TailReader(
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                codec,
                topic,
                from,
                history);
    }

    @Override
    public LogReader tail(int partition, long from) {
        return new TailReader(
                new KafkaConsumer<>(clients.shortTail(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                codec,
                topic,
                partitions,
                Map.of(partition, from),
                history);
    }

    @Override
    public LogReader materialiser() {
        return new MaterialiserReader(
                new KafkaConsumer<>(
                        clients.materialiser(group()), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                codec,
                topic,
                partitions,
                config.requestTimeout(),
                history);
    }

    private String group() {
        return "g2cache-" + context.namespace() + "-" + generation + "-materialiser";
    }

    @Override
    public CompletableFuture<LogPosition> startOffsets() {
        return offsets.start();
    }

    @Override
    public CompletableFuture<LogPosition> endOffsets() {
        pin.renewWhereDue();
        return offsets.identity().thenCombine(offsets.end(), (identity, end) -> {
            history.isTopic(identity.topicId(), identity.partitions());
            history.requireCurrent();
            return end;
        });
    }

    @Override
    public CompletableFuture<LogPosition> committed() {
        return offsets.committed(group());
    }

    @Override
    public CompletableFuture<LogPosition> positionBefore(Duration age) {
        return offsets.since(context.time().wallMillis() - age.toMillis());
    }

    @Override
    public CompletableFuture<Void> announceTruncation(String evidence) {
        return history.announce(evidence);
    }

    @Override
    public void close() {
        appender.close();
        admin.close(AdminCalls.CLOSE_TIMEOUT);
    }
}
