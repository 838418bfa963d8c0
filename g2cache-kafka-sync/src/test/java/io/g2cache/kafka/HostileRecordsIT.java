package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.kafka.EventCodec.EncodedRecord;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogHandler;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.LogReader;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody writes ten thousand damaged records to the topic, beside valid ones, while two nodes work. */
@Timeout(240)
class HostileRecordsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PARTITIONS = 4;
    private static final int KEYS = 100;
    private static final int HOSTILE = 10_000;
    private static final String CACHE = "c";
    private static final ValueFormat<String> FORMAT = new ValueFormat<>(Codecs.string());
    private static final CacheSpec<String, String> SPEC = CacheSpec.builder(CACHE, Codecs.string(), Codecs.string())
            .publish(PublishMode.VALUE)
            .lifetime(Lifetime.hard(Duration.ofHours(1)))
            .build();

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final EventCodec codec = new EventCodec(EventSchemas.SHIPPED);
    private final KeySpace keys = new KeySpace(CACHE, PARTITIONS);
    private final String namespace = Logs.namespace();
    private final MemoryOut.Store store = new MemoryOut.Store();
    private final List<G2Node> nodes = new ArrayList<>();
    private final List<G2Cache<String, String>> caches = new ArrayList<>();
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start() {
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        for (int i = 0; i < 2; i++) {
            G2Node node = G2Node.builder()
                    .namespace(namespace)
                    .out(new MemoryOut(store))
                    .sync(log())
                    .build();
            nodes.add(node);
            caches.add(node.cache(SPEC));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", BROKER.bootstrapServers(), "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        System.setErr(standardError);
        producer.close(Duration.ofSeconds(5));
        nodes.forEach(node -> node.close(Duration.ofSeconds(10)));
    }

    private KafkaSync log() {
        return KafkaSync.builder()
                .bootstrapServers(BROKER.bootstrapServers())
                .partitions(PARTITIONS)
                .replicationFactor(1)
                .build();
    }

    @Test
    void neitherStopTheNodesNorLeaveAnythingStale() throws Exception {
        for (int k = 0; k < KEYS; k++) {
            valid(put(k, "first of " + key(k)));
        }
        producer.flush();
        caches.get(0).put(key(0), "put by a node");
        long start = System.nanoTime();
        writeHostileAndValid();
        Newest newest = awaitAllRead();
        assertThat(newest.values.values())
                .as("seed=%d", seed)
                .filteredOn(value -> value != null && value.startsWith("valid"))
                .isNotEmpty();
        for (G2Cache<String, String> cache : caches) {
            for (int k = 0; k < KEYS; k++) {
                newest.check(key(k), cache.get(key(k)));
            }
            assertThat(cache.stats().counter("event_unreadable"))
                    .as("seed=%d", seed)
                    .isGreaterThan(HOSTILE / 4);
        }
        assertFewLines(Duration.ofNanos(System.nanoTime() - start));
        validEventsAreAppliedAfterwards();
    }

    private void writeHostileAndValid() throws Exception {
        List<Event> events = new ArrayList<>();
        for (int k = 0; k < KEYS; k++) {
            events.add(k % 4 == 0 ? invalidate(k) : put(k, "base of " + key(k)));
        }
        events.add(new Event.Clear(CACHE, "other"));
        events.add(new Event.Loaded(
                CACHE, bytes(key(1)), "other", put(1, "loaded").entry().withVersion(1)));
        HostileRecords records = new HostileRecords(codec, events, seed);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < HOSTILE; i++) {
            HostileRecords.Hostile hostile = acceptable(records);
            int partition = partitionOf(hostile.key());
            sent.add(producer.send(new ProducerRecord<>(
                    topic(), partition, null, hostile.key(), hostile.value(), new RecordHeaders(hostile.headers()))));
            if (i % 10 == 0) {
                sent.add(valid(put(random.nextInt(KEYS), "valid " + i)));
            }
        }
        for (Future<RecordMetadata> future : sent) {
            future.get(30, TimeUnit.SECONDS);
        }
    }

    /** The broker itself refuses a record without a key, because the topic is compacted. */
    private static HostileRecords.Hostile acceptable(HostileRecords records) {
        HostileRecords.Hostile hostile = records.next();
        while (hostile.key() == null) {
            hostile = records.next();
        }
        return hostile;
    }

    /** Mostly where a record of that key belongs, so that its effect is on that key. */
    private int partitionOf(byte @Nullable [] key) {
        RecordKey decoded = RecordKey.decode(key);
        return decoded == null || random.nextInt(10) == 0
                ? random.nextInt(PARTITIONS)
                : new KeySpace(decoded.cache(), PARTITIONS).key(decoded.key()).partition();
    }

    private Future<RecordMetadata> valid(Event.Put put) {
        EncodedRecord encoded = codec.encode(put);
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(topic(), keys.key(put.key()).partition(), encoded.key(), encoded.value());
        message.headers().add(Appender.VERSION_HEADER, new byte[] {0, 1});
        return producer.send(message);
    }

    private static Event.Put put(int k, String value) {
        long hard = System.currentTimeMillis() + Duration.ofMinutes(30).toMillis();
        return new Event.Put(CACHE, bytes(key(k)), "other", Entry.value(-1, hard, hard, FORMAT.encode(value)));
    }

    private static Event.Invalidate invalidate(int k) {
        return new Event.Invalidate(CACHE, bytes(key(k)), "other");
    }

    private static String key(int k) {
        return "key-" + k;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String topic() {
        return "g2cache-" + namespace;
    }

    /** Waits until both nodes have read everything, and the materialisers have committed it; and reads it, too. */
    private Newest awaitAllRead() throws Exception {
        WriteToken everywhere = barrier();
        nodes.forEach(node -> node.awaitToken(everywhere, SOON));
        Newest newest = new Newest();
        try (SyncLog log = log().open(Logs.context(namespace));
                LogReader tail = log.tail(LogPosition.all(PARTITIONS, 0))) {
            LogPosition end = Logs.get(log.endOffsets());
            Awaitility.await().atMost(SOON).until(() -> {
                tail.poll(Duration.ofMillis(100), newest);
                return Arrays.equals(newest.positions, offsets(end));
            });
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> Logs.get(log.committed()).equals(end));
        }
        return newest;
    }

    /** A write to each partition. */
    private WriteToken barrier() {
        Map<Integer, String> byPartition = new HashMap<>();
        for (int i = 0; byPartition.size() < PARTITIONS; i++) {
            String key = "barrier-" + i;
            byPartition.put(keys.key(bytes(key)).partition(), key);
        }
        return byPartition.values().stream()
                .map(key -> caches.get(0).put(key, "barrier"))
                .reduce(WriteToken::and)
                .orElseThrow();
    }

    private static long[] offsets(LogPosition position) {
        long[] offsets = new long[PARTITIONS];
        Arrays.setAll(offsets, position::offset);
        return offsets;
    }

    /** Each limited log writes a line in ten seconds; there are a tailer's and a materialiser's for each node. */
    private void assertFewLines(Duration took) {
        long lines = logged.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("unreadable event") || line.contains("was found in partition"))
                .count();
        assertThat(lines).isPositive().isLessThanOrEqualTo(4 * (took.toSeconds() / 10 + 2));
    }

    private void validEventsAreAppliedAfterwards() {
        for (int k = 0; k < KEYS; k++) {
            valid(put(k, "last of " + key(k)));
        }
        producer.flush();
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            for (G2Cache<String, String> cache : caches) {
                for (int k = 0; k < KEYS; k++) {
                    assertThat(cache.get(key(k))).as("seed=%d", seed).isEqualTo("last of " + key(k));
                }
            }
        });
    }

    /** What the newest event of each key says, and below which offset everything of a partition is in doubt. */
    private final class Newest implements LogHandler {
        private final Map<String, Long> offsets = new HashMap<>();
        private final Map<String, String> values = new HashMap<>();
        private final long[] floors = new long[PARTITIONS];
        private final long[] positions = new long[PARTITIONS];

        @Override
        public void onEvent(int partition, long offset, Event event) {
            if (event instanceof Event.Put put) {
                keyed(partition, offset, put.cache(), put.key(), put.entry().value());
            } else if (event instanceof Event.Invalidate invalidate) {
                keyed(partition, offset, invalidate.cache(), invalidate.key(), null);
            } else if (event instanceof Event.Clear clear && clear.cache().equals(CACHE)) {
                floors[partition] = offset;
            } else if (event instanceof Event.Unreadable unreadable) {
                if (unreadable.cache() != null && unreadable.key() != null) {
                    keyed(partition, offset, unreadable.cache(), unreadable.key(), null);
                } else {
                    floors[partition] = offset;
                }
            }
        }

        private void keyed(int partition, long offset, String cache, byte[] key, byte @Nullable [] value) {
            if (new KeySpace(cache, PARTITIONS).key(key).partition() != partition) {
                floors[partition] = offset;
            } else if (cache.equals(CACHE)) {
                String text = new String(key, StandardCharsets.UTF_8);
                offsets.put(text, offset);
                values.put(text, value == null ? null : decoded(value));
            }
        }

        private @Nullable String decoded(byte[] value) {
            try {
                return FORMAT.decode(ByteBuffer.wrap(value));
            } catch (RuntimeException e) {
                return null;
            }
        }

        /** A miss is never stale; a value must be the newest one, and above the floor. */
        void check(String key, @Nullable String served) {
            if (served != null) {
                int partition = keys.key(bytes(key)).partition();
                assertThat(served).as("key=%s, seed=%d", key, seed).isEqualTo(values.get(key));
                assertThat(offsets.get(key)).as("key=%s, seed=%d", key, seed).isGreaterThan(floors[partition]);
            }
        }

        @Override
        public void onPosition(int partition, long next) {
            positions[partition] = next;
        }

        @Override
        public void onGap(int partition, long next, String reason) {
            throw new AssertionError("gap at partition=" + partition + ": " + reason);
        }
    }
}
