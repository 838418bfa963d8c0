package io.g2cache.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.SyncLogException;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.kafka.KafkaBroker;
import io.g2cache.testkit.kafka.KafkaCluster;
import io.g2cache.testkit.kafka.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The leader of one partition after another is killed while two nodes write and read. */
@Timeout(600)
class LeaderDeathIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int PARTITIONS = 3;
    private static final int KEYS = 30;
    private static final int PROGRESS = 2 * KEYS;
    private static final CacheSpec<String, Long> SPEC = CacheSpec.builder("c", Codecs.string(), Codecs.int64())
            .publish(PublishMode.VALUE)
            .lifetime(Lifetime.hard(Duration.ofHours(1)))
            .build();

    private final String namespace = Logs.namespace();
    private final String topic = "g2cache-" + namespace;
    private final MemoryOut.Store store = new MemoryOut.Store();
    private final List<G2Node> nodes = new ArrayList<>();
    private final List<G2Cache<String, Long>> caches = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** By key; each key has one writer. */
    private final AtomicLongArray attempted = new AtomicLongArray(KEYS);

    private final AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
    private final ConcurrentLinkedQueue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private volatile boolean writing = true;
    private KafkaCluster cluster;
    private TopicAdmin admin;

    @BeforeEach
    void start() {
        cluster = KafkaCluster.builder().start();
        admin = new TopicAdmin(cluster.bootstrapServers());
        for (int i = 0; i < 2; i++) {
            G2Node node = G2Node.builder()
                    .namespace(namespace)
                    .out(new MemoryOut(store))
                    .sync(KafkaSync.builder()
                            .bootstrapServers(cluster.bootstrapServers())
                            .partitions(PARTITIONS)
                            .replicationFactor(3)
                            .build())
                    .build();
            nodes.add(node);
            caches.add(node.cache(SPEC));
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        writing = false;
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        nodes.forEach(node -> node.close(Duration.ofSeconds(10)));
        admin.close();
        cluster.close();
    }

    @Test
    @Tag("slow")
    void everyNodeEndsWithWhatWasAcknowledgedOrLater() throws Exception {
        killLeaders(1);
    }

    @Test
    @Tag("nightly")
    void everyNodeEndsWithWhatWasAcknowledgedOrLaterAfterManyDeaths() throws Exception {
        killLeaders(4);
    }

    private void killLeaders(int rounds) throws Exception {
        List<Future<?>> workers = new ArrayList<>();
        for (int node = 0; node < 2; node++) {
            int own = node;
            workers.add(threads.submit(() -> write(own)));
            workers.add(threads.submit(() -> read(own)));
        }
        awaitProgress();
        for (int i = 0; i < rounds * PARTITIONS; i++) {
            int partition = i % PARTITIONS;
            KafkaBroker leader = cluster.broker(admin.awaitLeader(topic, partition, SOON));
            leader.kill();
            awaitProgress();
            assertThat(admin.leader(topic, partition)).isNotIn(-1, leader.nodeId());
            leader.start();
            for (int p = 0; p < PARTITIONS; p++) {
                admin.awaitInSync(topic, p, Set.of(1, 2, 3), SOON);
            }
        }
        writing = false;
        for (Future<?> worker : workers) {
            worker.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        Awaitility.await().atMost(SOON).untilAsserted(this::assertNewest);
        assertThat(unexpected).isEmpty();
    }

    /** Each node has every other key, so that both write to all partitions. */
    private void write(int node) {
        while (writing) {
            for (int k = node; k < KEYS && writing; k += 2) {
                long value = attempted.incrementAndGet(k);
                try {
                    caches.get(node).put(key(k), value);
                    acknowledged.set(k, value);
                } catch (SyncLogException e) {
                    // failed or unknown: not acknowledged
                } catch (RuntimeException e) {
                    unexpected.add(e);
                }
            }
        }
    }

    /** A reader finds nothing that was never written, and no read fails. */
    private void read(int node) {
        while (writing) {
            for (int k = 0; k < KEYS && writing; k++) {
                try {
                    Long value = caches.get(node).get(key(k));
                    if (value != null && value > attempted.get(k)) {
                        unexpected.add(new AssertionError("key=" + key(k) + " value=" + value));
                    }
                    TimeUnit.MILLISECONDS.sleep(1);
                } catch (RuntimeException e) {
                    unexpected.add(e);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    private static String key(int k) {
        return "key-" + k;
    }

    /** Waits until more writes were acknowledged, of every key at least one. */
    private void awaitProgress() {
        long[] before = new long[KEYS];
        for (int k = 0; k < KEYS; k++) {
            before[k] = acknowledged.get(k);
        }
        Awaitility.await().atMost(SOON).until(() -> {
            long more = 0;
            for (int k = 0; k < KEYS; k++) {
                long added = acknowledged.get(k) - before[k];
                if (added <= 0) {
                    return false;
                }
                more += added;
            }
            return more >= PROGRESS;
        });
    }

    private void assertNewest() {
        for (int k = 0; k < KEYS; k++) {
            Long first = caches.get(0).get(key(k));
            Long second = caches.get(1).get(key(k));
            assertThat(first)
                    .as("key=%s", key(k))
                    .isNotNull()
                    .isBetween(acknowledged.get(k), attempted.get(k))
                    .isEqualTo(second);
        }
    }
}
