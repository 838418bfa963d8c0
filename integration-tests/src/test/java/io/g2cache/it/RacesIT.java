package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Loads, invalidations and puts race on real Kafka and real Hazelcast; at rest nothing is stale. */
class RacesIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int KEYS = 8;

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final ExecutorService threads = Executors.newFixedThreadPool(6);

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void loadsRacingWithInvalidationsLeaveNothingStale() throws Exception {
        long seed = System.nanoTime();
        try (Rig rig = Rig.full(BROKER.bootstrapServers()).audited()) {
            List<G2Node> nodes = rig.start(2);
            List<G2Cache<String, String>> caches = new ArrayList<>();
            nodes.forEach(node -> caches.add(node.cache(Rig.text("races").build())));
            AtomicLongArray database = new AtomicLongArray(KEYS);
            for (int round = 0; round < 300; round++) {
                raceOnce(new SplittableRandom(seed + round), caches, database);
                assertNothingStale(nodes, caches, database, "seed=" + seed + " round=" + round);
            }
            rig.assertAuditedSoFar();
        }
    }

    private void raceOnce(SplittableRandom random, List<G2Cache<String, String>> caches, AtomicLongArray database)
            throws Exception {
        int key = random.nextInt(KEYS);
        List<Callable<Object>> steps = new ArrayList<>();
        for (G2Cache<String, String> cache : caches) {
            for (int i = 0; i < 2; i++) {
                steps.add(() -> String.valueOf(cache.get("k" + key, k -> load(database, key))));
            }
        }
        G2Cache<String, String> writer = caches.get(random.nextInt(caches.size()));
        steps.add(random.nextInt(steps.size() + 1), () -> {
            database.incrementAndGet(key);
            return writer.invalidate("k" + key);
        });
        if (random.nextInt(10) == 0) {
            steps.add(writer::clear);
        }
        for (Future<Object> step : threads.invokeAll(steps, 30, TimeUnit.SECONDS)) {
            step.get();
        }
    }

    private static String load(AtomicLongArray database, int key) {
        long read = database.get(key);
        Thread.yield();
        return String.valueOf(read);
    }

    /** Everything that was written has arrived everywhere; then whatever is cached is what the database has. */
    private static void assertNothingStale(
            List<G2Node> nodes, List<G2Cache<String, String>> caches, AtomicLongArray database, String which) {
        WriteToken last = caches.get(0).invalidate("barrier");
        for (int key = 0; key < KEYS; key++) {
            last = last.and(caches.get(1).invalidate("barrier-" + key));
        }
        for (G2Node node : nodes) {
            node.awaitToken(last, SOON);
        }
        for (G2Cache<String, String> cache : caches) {
            for (int key = 0; key < KEYS; key++) {
                String cached = cache.get("k" + key);
                assertThat(cached == null || cached.equals(String.valueOf(database.get(key))))
                        .as("%s key=%s cached=%s database=%s", which, key, cached, database.get(key))
                        .isTrue();
            }
        }
    }

    @Test
    void twoWritersOfOneKeyEndEqualEverywhere() throws Exception {
        for (PublishMode mode : PublishMode.values()) {
            try (Rig rig = Rig.full(BROKER.bootstrapServers()).audited()) {
                List<G2Node> nodes = rig.start(3);
                List<G2Cache<String, String>> caches = new ArrayList<>();
                nodes.forEach(node ->
                        caches.add(node.cache(Rig.text("writers").publish(mode).build())));
                for (int round = 0; round < 100; round++) {
                    String value = "-" + round;
                    List<Future<WriteToken>> writes = threads.invokeAll(
                            List.of(
                                    () -> caches.get(0).put("k", "a" + value),
                                    () -> caches.get(1).put("k", "b" + value)),
                            30,
                            TimeUnit.SECONDS);
                    WriteToken both = writes.get(0).get().and(writes.get(1).get());
                    for (G2Node node : nodes) {
                        node.awaitToken(both, SOON);
                    }
                    Set<String> seen = new HashSet<>();
                    for (G2Cache<String, String> cache : caches) {
                        seen.add(String.valueOf(cache.get("k")));
                    }
                    assertThat(seen).as("mode=%s round=%s", mode, round).hasSize(1);
                    assertThat(seen).as("mode=%s round=%s", mode, round).isSubsetOf("a" + value, "b" + value);
                }
                if (mode == PublishMode.VALUE) {
                    rig.assertAudited();
                } else {
                    rig.assertAuditedSoFar();
                }
            }
        }
    }

    @Test
    void aLateNodeSeesNothingThatAnEarlierOneInvalidated() {
        try (Rig rig = Rig.full(BROKER.bootstrapServers()).audited()) {
            G2Node early = rig.start();
            G2Cache<String, String> first = early.cache(Rig.text("late").build());
            for (int i = 0; i < 200; i++) {
                first.get("k" + i, key -> "old");
                if (i % 2 == 0) {
                    first.invalidate("k" + i);
                }
            }
            G2Cache<String, String> second = rig.start().cache(Rig.text("late").build());
            for (int i = 0; i < 200; i++) {
                assertThat(second.get("k" + i, key -> "new")).isEqualTo(i % 2 == 0 ? "new" : "old");
            }
            first.clear();
            G2Cache<String, String> third = rig.start().cache(Rig.text("late").build());
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(third.get("k1")).isNull());
            for (int i = 0; i < 200; i++) {
                assertThat(third.get("k" + i, key -> "newest")).isEqualTo("newest");
            }
            rig.assertAuditedSoFar();
        }
    }
}
