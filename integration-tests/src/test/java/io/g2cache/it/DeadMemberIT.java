package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.WriteToken;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.spi.Event;
import io.g2cache.testkit.Database;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node with a Hazelcast member is killed while others write: what its member alone held comes back from the log, and nobody
 * reads anything older than what was acknowledged meanwhile.
 */
@Tag("slow")
class DeadMemberIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int BUSY = 10;

    /** The sessions of the group may be short. */
    @RegisterExtension
    static final KafkaBrokerExtension BROKER =
            new KafkaBrokerExtension().property("group.min.session.timeout.ms", "1000");

    private final String namespace = "dead-member-" + UUID.randomUUID();
    private final List<String> still =
            IntStream.range(0, 200).mapToObj(i -> "still-" + i).toList();
    private final Database database = new Database();
    private final Map<String, Long> newest = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private volatile boolean isOver;

    @AfterEach
    void endThreads() throws InterruptedException {
        isOver = true;
        threads.shutdown();
        assertThat(threads.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private G2Node node(HazelcastOut out, String name) {
        return G2Node.builder()
                .namespace(namespace)
                .out(out)
                .sync(OutTierNode.log(BROKER.bootstrapServers(), name))
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theLogGivesBackWhatADeadMemberTookAlong(int backups) throws Exception {
        int[] ports = {Rig.freePort(), Rig.freePort(), Rig.freePort()};
        List<String> members =
                IntStream.of(ports).mapToObj(port -> "127.0.0.1:" + port).toList();
        try (HazelcastOut first = OutTierNode.member(namespace, backups, ports[0], members);
                HazelcastOut second = OutTierNode.member(namespace, backups, ports[1], members);
                Child victim = Child.start(
                        OutTierNode.class,
                        BROKER.bootstrapServers(),
                        namespace,
                        "victim",
                        namespace,
                        String.valueOf(ports[2]),
                        String.valueOf(backups),
                        String.join(",", members))) {
            assertThat(victim.line("of the victim")).startsWith("READY");
            try (G2Node one = node(first, "one");
                    G2Node two = node(second, "two")) {
                List<G2Cache<String, Long>> caches = List.of(open(one), open(two));
                kill(victim, ports[2], caches, first);
            }
        }
    }

    private G2Cache<String, Long> open(G2Node node) {
        return node.cache(OutTierNode.spec().loader(database::read).build());
    }

    private void kill(Child victim, int port, List<G2Cache<String, Long>> caches, HazelcastOut out) throws Exception {
        await().atMost(SOON).until(() -> members(out) == 3);
        for (String key : still) {
            put(caches.get(0), key);
        }
        String generation = caches.get(0).invalidate("none").generation();
        try (OutTierView tier = new OutTierView(out, namespace, OutTierNode.CACHE, generation)) {
            awaitAll(tier);
            await().atMost(SOON).until(() -> still.stream().anyMatch(key -> isAt(port, out, tier, key)));
            List<Future<Integer>> work = new ArrayList<>();
            for (int worker = 0; worker < 2; worker++) {
                String prefix = "busy-" + worker + "-";
                work.add(threads.submit(writes(caches, prefix)));
            }
            TimeUnit.MILLISECONDS.sleep(500);
            victim.kill();
            await().atMost(SOON).until(() -> members(out) == 2);
            awaitAll(tier);
            isOver = true;
            for (Future<Integer> one : work) {
                assertThat(one.get(SOON.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
            awaitAll(tier);
            await().atMost(SOON).untilAsserted(() -> assertRedone(tier));
        }
        for (G2Cache<String, Long> cache : caches) {
            for (String key : newest.keySet()) {
                assertThat(cache.get(key)).as(key).isEqualTo(database.read(key));
            }
        }
    }

    private static int members(HazelcastOut out) {
        return out.instance().getCluster().getMembers().size();
    }

    private static boolean isAt(int port, HazelcastOut out, OutTierView tier, String key) {
        return out.instance()
                        .getPartitionService()
                        .getPartition(tier.key(key).bytes())
                        .getOwner()
                        .getAddress()
                        .getPort()
                == port;
    }

    private WriteToken put(G2Cache<String, Long> cache, String key) {
        return acknowledged(key, cache.put(key, database.update(key)));
    }

    private WriteToken acknowledged(String key, WriteToken token) {
        newest.put(key, token.offsets().values().iterator().next());
        return token;
    }

    /** Each key has one writer; both caches must show what either has acknowledged. */
    private Callable<Integer> writes(List<G2Cache<String, Long>> caches, String prefix) {
        return () -> {
            int writes = 0;
            while (!isOver) {
                String key = prefix + writes % BUSY;
                G2Cache<String, Long> writer = caches.get(writes / BUSY % caches.size());
                WriteToken token;
                if (writes % 3 == 0) {
                    token = put(writer, key);
                } else {
                    database.update(key);
                    token = acknowledged(key, writer.invalidate(key));
                }
                for (G2Cache<String, Long> cache : caches) {
                    assertThat(cache.get(key, token, SOON)).as(key).isEqualTo(database.read(key));
                }
                writes++;
            }
            return writes;
        };
    }

    /** Nothing is missing: what was only put has its event's version, a load's value may have a higher one. */
    private void awaitAll(OutTierView tier) {
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            Map<String, Long> held = tier.versions(newest.keySet());
            newest.forEach((key, version) -> {
                assertThat(held.get(key)).as(key).isGreaterThanOrEqualTo(version);
                if (key.startsWith("still")) {
                    assertThat(held.get(key)).as(key).isEqualTo(version);
                }
            });
        });
    }

    /** The log has a redo of each partition that reaches back to the first of what was put before. */
    private void assertRedone(OutTierView tier) throws Exception {
        Map<Integer, Long> first = new HashMap<>();
        still.forEach(key -> first.merge(tier.key(key).partition(), newest.get(key), Math::min));
        Set<Integer> redone = new TreeSet<>();
        WholeLog.read(BROKER.bootstrapServers(), namespace, (partition, offset, event) -> {
            if (event instanceof Event.Redo redo && redo.from() <= first.get(partition)) {
                redone.add(partition);
            }
        });
        assertThat(redone).isEqualTo(first.keySet());
    }
}
