package io.g2cache.kafka;

import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The log as one Kafka topic: compacted, verified when it is opened, with its partition count pinned at first use.
 * Immutable and thread-safe; one provider may open several logs.
 *
 * <p>An append that finds neither metadata nor buffer space waits for them behind its caller's back, and fails when the log has
 * acknowledged nothing for two fifths of the delivery timeout. Only where as many bytes wait as the producer's buffer holds is
 * the caller held up. Nothing in the log blocks longer than the timeouts of the builder say.
 */
public final class KafkaSync implements SyncLogProvider {
    private final KafkaSyncConfig config;

    KafkaSync(KafkaSyncConfig config) {
        this.config = config;
    }

    /** A builder; only the brokers must be named. */
    public static KafkaSyncBuilder builder() {
        return new KafkaSyncBuilder();
    }

    KafkaSyncConfig config() {
        return config;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public SyncLog open(LogContext context) {
        ClientConfigs clients = new ClientConfigs(config, context);
        EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
        String topic = config.topicOf(context.namespace());
        Admin admin = null;
        Appender appender = null;
        boolean opened = false;
        try {
            admin = Admin.create(clients.admin());
            TopicVerifier.Verified verified = new TopicVerifier(admin, config, context, topic).verify();
            appender = new Appender(
                    () -> new KafkaProducer<>(clients.producer(), new ByteArraySerializer(), new ByteArraySerializer()),
                    topic,
                    codec.schemaVersion(),
                    clients.longestBlock(),
                    clients.bufferBytes(),
                    context.time());
            appender.connect();
            PartitionPin pin = new PartitionPin(admin, appender, codec, clients, config, context, verified);
            int partitions = pin.find();
            appender.truncations(pin.truncations());
            SyncLog log = new KafkaSyncLog(config, context, clients, codec, admin, appender, verified, pin, partitions);
            opened = true;
            return log;
        } catch (KafkaException e) {
            throw new SyncLogException(
                    Outcome.FAILED,
                    "the log cannot be opened, topic=" + topic + ", bootstrapServers=" + config.bootstrapServers()
                            + ": " + Denials.message(e, "Read on topic " + topic),
                    e);
        } finally {
            if (!opened) {
                if (appender != null) {
                    appender.close();
                }
                if (admin != null) {
                    admin.close(AdminCalls.CLOSE_TIMEOUT);
                }
            }
        }
    }

    @Override
    public String toString() {
        return "KafkaSync[bootstrapServers=" + config.bootstrapServers() + "]";
    }
}
