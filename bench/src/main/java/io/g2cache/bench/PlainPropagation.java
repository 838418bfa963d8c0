package io.g2cache.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Plain Kafka clients with the settings of our log: a record is sent, and a consumer in another thread has it. The
 * consumer belongs to its thread, which closes it when woken.
 */
final class PlainPropagation implements Propagation {
    private static final String TOPIC = "bench-plain";
    private static final int PARTITIONS = 12;
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::read, "g2cache-bench-consumer");
    private final Arrivals arrivals = new Arrivals();
    private int step;

    PlainPropagation(Deployment deployment) throws Exception {
        Map<String, Object> servers = Map.of("bootstrap.servers", deployment.bootstrapServers());
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", deployment.bootstrapServers(), "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(servers, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        WholeTopic.assign(consumer, TOPIC, PARTITIONS);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (consumer) {
            while (true) {
                consumer.poll(POLL).forEach(found -> arrivals.one());
            }
        } catch (WakeupException e) {
            return;
        }
    }

    @Override
    public long nanos() throws Exception {
        byte[] key = ("key-" + step++).getBytes(StandardCharsets.UTF_8);
        long start = System.nanoTime();
        var acknowledged = producer.send(new ProducerRecord<>(TOPIC, step % PARTITIONS, key, key));
        arrivals.await();
        long nanos = System.nanoTime() - start;
        acknowledged.get(10, TimeUnit.SECONDS);
        return nanos;
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(2 * POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }
}
