package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.WriteToken;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.kafka.KafkaSync;
import io.g2cache.testkit.kafka.KafkaCluster;
import io.g2cache.testkit.kafka.TopicAdmin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers, and one is elected that lacks records which were acknowledged: invalidations are lost for good. The nodes find
 * out, begin anew in another generation, and serve nothing that the lost records were about.
 */
@Tag("slow")
class UncleanElectionIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int KEYS = 100;
    private static final int LOST = KEYS / 2;

    @TempDir
    private Path directory;

    private final String namespace = "unclean-" + UUID.randomUUID();
    private final String topic = "g2cache-" + namespace;
    private final List<HazelcastOut> outs = new ArrayList<>();
    private final List<G2Node> nodes = new ArrayList<>();
    private final List<G2Cache<String, Long>> caches = new ArrayList<>();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final PrintStream err = System.err;
    private volatile boolean isOver;
    private KafkaCluster cluster;
    private TopicAdmin admin;
    private Truth truth;

    @BeforeEach
    void start() throws Exception {
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        truth = new Truth(directory.resolve("truth"), KEYS);
        cluster = KafkaCluster.builder().start();
        admin = new TopicAdmin(cluster.bootstrapServers());
        createTopic();
        join();
        join();
    }

    @AfterEach
    void close() throws InterruptedException {
        isOver = true;
        threads.shutdownNow();
        assertThat(threads.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        nodes.forEach(node -> node.close(Duration.ofSeconds(5)));
        outs.forEach(HazelcastOut::close);
        admin.close();
        cluster.close();
        System.setErr(err);
        err.print(logged.toString(StandardCharsets.UTF_8));
    }

    /** Broker 1 leads every partition, 2 follows, and 3 has none, so that it keeps the majority of the controllers alone. */
    private void createTopic() {
        Map<Integer, List<Integer>> replicas = new HashMap<>();
        for (int p = 0; p < Rig.PARTITIONS; p++) {
            replicas.put(p, List.of(1, 2));
        }
        Map<String, String> settings = Map.of(
                "cleanup.policy", "compact",
                "min.insync.replicas", "1",
                "max.message.bytes", "4194304",
                "message.timestamp.type", "LogAppendTime");
        admin.create(topic, replicas, settings);
    }

    /** One more node, with a member of its own. */
    private G2Cache<String, Long> join() {
        int port = Rig.freePort();
        List<String> members = new ArrayList<>();
        outs.forEach(out -> members.add(
                "127.0.0.1:" + out.instance().getConfig().getNetworkConfig().getPort()));
        HazelcastOut out = OutTierNode.member(namespace, 1, port, members);
        outs.add(out);
        G2Node node = G2Node.builder()
                .namespace(namespace)
                .out(out)
                .sync(KafkaSync.builder()
                        .bootstrapServers(cluster.bootstrapServers())
                        .createTopic(false)
                        .build())
                .build();
        nodes.add(node);
        G2Cache<String, Long> cache =
                node.cache(OutTierNode.spec().loader(this::load).build());
        caches.add(cache);
        return cache;
    }

    private Long load(String key) {
        return truth.read(Integer.parseInt(key.substring(key.indexOf('-') + 1)));
    }

    private void awaitInSync(Set<Integer> brokers) {
        for (int p = 0; p < Rig.PARTITIONS; p++) {
            admin.awaitInSync(topic, p, brokers, SOON);
        }
    }

    private WriteToken write(G2Cache<String, Long> cache, int key) {
        long row = truth.update(key);
        WriteToken token = key % 2 == 0 ? cache.invalidate(Truth.key(key)) : cache.put(Truth.key(key), row);
        truth.acknowledge(key, row);
        return token;
    }

    @Test
    void noNodeServesWhatLostInvalidationsWereAbout() throws Exception {
        WriteToken last = WriteToken.of(caches.get(0).invalidate("none").generation(), Map.of());
        for (int k = 0; k < KEYS; k++) {
            last = last.and(write(caches.get(k % 2), k));
        }
        readAll(last);
        awaitInSync(Set.of(1, 2));
        cluster.broker(2).kill();
        awaitInSync(Set.of(1));
        for (int k = 0; k < LOST; k++) {
            last = last.and(write(caches.get(0), k));
        }
        readAll(last);
        Future<Integer> writing = threads.submit(this::writeMeanwhile);
        electUncleanly();
        awaitNewGeneration(last.generation());
        isOver = true;
        assertThat(writing.get(SOON.toSeconds(), TimeUnit.SECONDS)).isPositive();
        join();
        assertNothingStale(last.generation());
        assertTold();
    }

    /** So that both nodes hold everything, in versions that the log will have twice. */
    private void readAll(WriteToken token) {
        for (G2Cache<String, Long> cache : caches) {
            for (int k = 0; k < KEYS; k++) {
                assertThat(cache.get(Truth.key(k), token, SOON)).isEqualTo(truth.read(k));
            }
        }
    }

    /** Writes the keys that nobody else writes, and counts what was acknowledged; much is not, while there is no leader. */
    private int writeMeanwhile() throws InterruptedException {
        int acknowledged = 0;
        for (int i = 0; !isOver; i++) {
            try {
                write(caches.get(i % 2), LOST + i % (KEYS - LOST));
                acknowledged++;
            } catch (SyncLogException e) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        return acknowledged;
    }

    private void electUncleanly() {
        cluster.broker(1).kill();
        cluster.broker(2).start();
        for (int p = 0; p < Rig.PARTITIONS; p++) {
            admin.awaitNoLeader(topic, p, SOON);
            assertThat(admin.electUncleanly(topic, p)).isEqualTo(2);
        }
        cluster.broker(1).start();
        awaitInSync(Set.of(1, 2));
    }

    private void awaitNewGeneration(String old) {
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            for (int i = 0; i < nodes.size(); i++) {
                assertThat(nodes.get(i).status().state()).isEqualTo(NodeState.READY);
                assertThat(caches.get(i).invalidate("none").generation()).isNotEqualTo(old);
            }
        });
    }

    /** Every node is in the same generation, and takes and hears of writes again. */
    private void assertNothingStale(String old) {
        WriteToken last = WriteToken.of(caches.get(0).invalidate("none").generation(), Map.of());
        assertThat(last.generation()).isNotEqualTo(old);
        for (G2Cache<String, Long> cache : caches) {
            for (int k = 0; k < KEYS; k++) {
                assertThat(cache.get(Truth.key(k))).as(Truth.key(k)).isBetween(truth.acknowledged(k), truth.read(k));
            }
        }
        for (int k = 0; k < KEYS; k++) {
            last = last.and(write(caches.get(k % caches.size()), k));
        }
        readAll(last);
    }

    /** Each of the first nodes has counted its move, and told of it and of its reason by a line; the first to notice too. */
    private void assertTold() {
        String all = logged.toString(StandardCharsets.UTF_8);
        assertThat(all).containsPattern("was truncated: (partition=\\d+ |diverging offsets=)");
        for (int i = 0; i < 2; i++) {
            String leaves = "node=" + nodes.get(i).id() + " leaves generation=";
            List<String> lines =
                    all.lines().filter(line -> line.contains(leaves)).toList();
            assertThat(lines)
                    .hasSize(1)
                    .allSatisfy(line ->
                            assertThat(line).containsPattern("truncated.*what its local tiers hold is dropped"));
            assertThat(caches.get(i).stats().counter("new_generation")).isEqualTo(1);
        }
    }
}
