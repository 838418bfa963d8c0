package io.g2cache.bench.peers;

import io.g2cache.bench.WholeTopic;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Plain Kafka clients: one sends, the other's thread fills a map with all that it polls. The consumer belongs to that thread,
 * which closes it when woken; the map is concurrent.
 */
final class KafkaNodes extends ProxiedNodes {
    private static final String TOPIC = "bench";
    private static final int PARTITIONS = 12;
    private static final int SECONDS = 30;
    private static final Duration POLL = Duration.ofMillis(500);

    private final Map<String, byte[]> map = new ConcurrentHashMap<>();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread = new Thread(this::read, "g2cache-bench-reader");

    KafkaNodes(Parts parts) throws Exception {
        super(parts);
        TcpProxy proxy = parts.proxy();
        KafkaBroker broker =
                parts.add(KafkaBroker.builder().proxyPort(proxy.port()).start());
        proxy.target(broker.proxiedPort());
        Map<String, Object> servers = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(List.of(
                            new NewTopic(TOPIC, PARTITIONS, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get(SECONDS, TimeUnit.SECONDS);
        }
        producer = parts.add(new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all", "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer()));
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + proxy.port()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        WholeTopic.assign(consumer, TOPIC, PARTITIONS);
        thread.setDaemon(true);
        parts.add(this::endReader);
        thread.start();
    }

    private void read() {
        try (consumer) {
            while (true) {
                consumer.poll(POLL).forEach(found -> map.put(found.key(), found.value()));
            }
        } catch (WakeupException e) {
            return;
        }
    }

    private void endReader() throws InterruptedException {
        consumer.wakeup();
        thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
    }

    @Override
    public void put(String key, byte[] value) throws Exception {
        var unused = producer.send(new ProducerRecord<>(TOPIC, key, value)).get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return map.get(key);
    }
}
