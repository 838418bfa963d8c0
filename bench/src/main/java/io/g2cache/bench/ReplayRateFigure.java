package io.g2cache.bench;

import io.g2cache.spi.Event;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How long our reader takes for a million events, decoded, on 12 partitions, as a multiple of what a plain consumer takes for
 * the same records. Both take turns; the shortest of some runs counts. For one thread at a time.
 */
final class ReplayRateFigure implements Figure {
    private static final int EVENTS = 1_000_000;
    private static final int RUNS = 3;
    private static final String NAMESPACE = "bench-replay";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final double NANOS = 1e9;

    private double ourRate;
    private double plainRate;

    @Override
    public String name() {
        return "replay of 1M events / plain consumer, time";
    }

    @Override
    public double target() {
        return 1 / 0.6;
    }

    @Override
    public String note() {
        return String.format(Locale.ROOT, "events per second: %,.0f, plain: %,.0f", ourRate, plainRate);
    }

    @Override
    public double measure() throws Exception {
        try (KafkaBroker broker = KafkaBroker.builder().start();
                FilledLog filled = new FilledLog(Logs.on(broker), NAMESPACE)) {
            filled.append(EVENTS, EVENTS);
            long ours = Long.MAX_VALUE;
            long plain = Long.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                plain = Math.min(plain, plain(broker, NAMESPACE, EVENTS));
                ours = Math.min(ours, ours(filled.log(), EVENTS));
            }
            ourRate = EVENTS * NANOS / ours;
            plainRate = EVENTS * NANOS / plain;
            return (double) ours / plain;
        }
    }

    /** Nanoseconds in which a plain consumer takes so many records of a namespace. */
    static long plain(KafkaBroker broker, String namespace, int events) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.poll.records", 10_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = "g2cache-" + namespace;
            WholeTopic.assign(consumer, topic, consumer.partitionsFor(topic).size());
            long start = System.nanoTime();
            int read = 0;
            while (read < events) {
                read += consumer.poll(POLL).count();
            }
            return System.nanoTime() - start;
        }
    }

    /** Nanoseconds in which our reader takes so many events. */
    static long ours(SyncLog log, int events) throws Exception {
        int[] read = {0};
        LogHandler counting = new LogHandler() {
            @Override
            public void onEvent(int partition, long offset, Event event) {
                read[0]++;
            }

            @Override
            public void onGap(int partition, long next, String reason) {
                throw new IllegalStateException("gap: " + reason);
            }

            @Override
            public void onPosition(int partition, long next) {}
        };
        LogPosition from = log.startOffsets().get(30, TimeUnit.SECONDS);
        try (LogReader reader = log.tail(from)) {
            long start = System.nanoTime();
            while (read[0] < events) {
                reader.poll(POLL, counting);
            }
            return System.nanoTime() - start;
        }
    }
}
