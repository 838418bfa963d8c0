package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.NodeState;
import io.g2cache.TierException;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.hazelcast.HazelcastClientBuilder;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.hazelcast.StockServer;
import io.g2cache.testkit.Database;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Servers of the out tier hang, die, come back, or are not there yet, while clients read and write: every read ends in time, the
 * source sees no more loads at once than it should, nobody reads anything older than what was acknowledged, and when all is
 * healed the tier holds nothing stale.
 */
@Timeout(240)
class OutTierAwayIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CACHE = "numbers";
    private static final int KEYS = 40;
    private static final int READERS = 12;
    private static final int MOST_LOADS = 4;

    /** Read, lease and fill have 750 ms each, and the loader next to nothing. */
    private static final long MOST_P99_MILLIS = 2_500;

    /** As much again for the loads ahead of it and a machine that is busy. */
    private static final long MOST_MILLIS = 5_000;

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final String name = "away-" + UUID.randomUUID();
    private final int[] ports = {Rig.freePort(), Rig.freePort()};
    private final List<String> keys =
            IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toList();
    private final Database database = new Database();
    private final Map<String, WriteToken> newest = new ConcurrentHashMap<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger loading = new AtomicInteger();
    private final AtomicInteger mostLoading = new AtomicInteger();
    private final ReadTimes times = new ReadTimes();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<StockServer> servers = new ArrayList<>();
    private volatile boolean isOver;

    @AfterEach
    void end() throws InterruptedException {
        isOver = true;
        threads.shutdown();
        assertThat(threads.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        servers.forEach(StockServer::close);
    }

    private void startServers() {
        servers.addAll(StockServer.cluster(name, "", ports));
    }

    private HazelcastClientBuilder client() {
        return HazelcastOut.client().clusterName(name).addresses("127.0.0.1:" + ports[0], "127.0.0.1:" + ports[1]);
    }

    private G2Node node(HazelcastOut out) {
        return G2Node.builder()
                .namespace(name)
                .out(out)
                .sync(Rig.kafka(BROKER.bootstrapServers()))
                .build();
    }

    /** Entries live so shortly that most reads go to the out tier. */
    private G2Cache<String, Long> cache(G2Node node) {
        return cache(node, Duration.ofMillis(20));
    }

    private G2Cache<String, Long> cache(G2Node node, Duration life) {
        return node.cache(CacheSpec.builder(CACHE, Codecs.string(), Codecs.int64())
                .lifetime(Lifetime.hard(life))
                .maximumLoads(MOST_LOADS)
                .loader(this::load)
                .build());
    }

    private long load(String key) throws InterruptedException {
        mostLoading.accumulateAndGet(loading.incrementAndGet(), Math::max);
        try {
            TimeUnit.MILLISECONDS.sleep(1);
            return database.read(key);
        } finally {
            loading.decrementAndGet();
        }
    }

    private void read(G2Cache<String, Long> cache) throws InterruptedException {
        while (!isOver) {
            String key = keys.get(ThreadLocalRandom.current().nextInt(KEYS));
            long least = acknowledged.getOrDefault(key, 0L);
            long began = System.nanoTime();
            Long value = cache.get(key);
            times.ended(began);
            assertThat(value).as(key).isGreaterThanOrEqualTo(least);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void write(G2Cache<String, Long> cache) throws InterruptedException {
        for (int i = 0; !isOver; i++) {
            String key = keys.get(i % KEYS);
            long row = database.update(key);
            newest.put(key, cache.invalidate(key));
            acknowledged.put(key, row);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** A task that fails with whatever it throws. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }

    private Future<?> start(Task task) {
        return threads.submit(() -> {
            task.run();
            return null;
        });
    }

    @Test
    void readsEndInTimeWhileServersHangAndDieAndNothingStaleIsLeft() throws Exception {
        startServers();
        try (HazelcastOut one = client().build();
                HazelcastOut two = client().build();
                G2Node first = node(one);
                G2Node second = node(two)) {
            G2Cache<String, Long> reads = cache(first);
            G2Cache<String, Long> other = cache(second);
            List<Future<?>> work = new ArrayList<>(List.of(start(() -> write(reads))));
            for (int i = 0; i < READERS; i++) {
                work.add(start(() -> read(reads)));
            }
            hang(first, reads);
            die(first);
            TimeUnit.SECONDS.sleep(1);
            isOver = true;
            for (Future<?> task : work) {
                task.get(SOON.toSeconds(), TimeUnit.SECONDS);
            }
            times.write("out-tier-away");
            assertThat(times.mostP99Millis())
                    .as("milliseconds of the p99 in the worst second")
                    .isLessThan(MOST_P99_MILLIS);
            assertThat(times.mostMillis())
                    .as("milliseconds of the longest read")
                    .isLessThan(MOST_MILLIS);
            assertThat(mostLoading).as("loads at once").hasValueLessThanOrEqualTo(MOST_LOADS);
            assertThat(reads.stats().counter("out_refused")).isPositive();
            assertConverged(one, reads, other);
        }
    }

    private void hang(G2Node node, G2Cache<String, Long> cache) throws Exception {
        await().atMost(SOON).until(() -> cache.stats().outHits() > 0 && times.count() > 100);
        String generation = cache.invalidate("none").generation();
        try (HazelcastOut look = client().build();
                OutTierView tier = new OutTierView(look, name, CACHE, generation);
                VersionWatch watch = new VersionWatch(tier, keys)) {
            TimeUnit.SECONDS.sleep(1);
            servers.forEach(StockServer::freeze);
            try {
                await().atMost(SOON).until(() -> node.status().outTierAway());
                long before = times.count();
                TimeUnit.SECONDS.sleep(2);
                assertThat(times.count() - before).as("reads without the tier").isGreaterThan(100);
            } finally {
                servers.forEach(StockServer::thaw);
            }
            await().atMost(SOON).until(() -> !node.status().outTierAway());
            long hits = cache.stats().outHits();
            await().atMost(SOON).until(() -> cache.stats().outHits() > hits);
            watch.assertNoneWentBack();
        }
    }

    private void die(G2Node node) throws Exception {
        servers.forEach(StockServer::close);
        servers.clear();
        await().atMost(SOON).until(() -> node.status().outTierAway());
        TimeUnit.SECONDS.sleep(1);
        startServers();
        await().atMost(SOON).until(() -> !node.status().outTierAway());
    }

    private void assertConverged(HazelcastOut out, G2Cache<String, Long> reads, G2Cache<String, Long> other) {
        for (String key : keys) {
            WriteToken token = newest.get(key);
            assertThat(reads.get(key, token, SOON)).as(key).isEqualTo(database.read(key));
            assertThat(other.get(key, token, SOON)).as(key).isEqualTo(database.read(key));
        }
        String generation = newest.get(keys.get(0)).generation();
        try (OutTierView tier = new OutTierView(out, name, CACHE, generation)) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(() -> tier.versions(keys).forEach((key, version) -> {
                        long event =
                                newest.get(key).offsets().values().iterator().next();
                        assertThat(version == OutTierView.NOTHING || version >= event)
                                .as("%s is at %s, its newest event at %s", key, version, event)
                                .isTrue();
                    }));
        }
    }

    @Test
    void aNodeStartsWithoutTheOutTierAndJoinsItLater() throws Exception {
        assertThatThrownBy(() -> client().requireAtStart(Duration.ofMillis(500)).build())
                .isInstanceOf(TierException.class)
                .hasMessageContaining("requireAtStart=PT0.5S");
        try (HazelcastOut one = client().build();
                HazelcastOut two = client().build();
                G2Node node = node(one);
                G2Node peer = node(two)) {
            G2Cache<String, Long> cache = cache(node, Duration.ofMinutes(5));
            G2Cache<String, Long> other = cache(peer, Duration.ofMinutes(5));
            assertThat(node.status().state()).isEqualTo(NodeState.READY);
            AtomicInteger next = new AtomicInteger();
            await().atMost(SOON)
                    .until(() -> cache.get("early-" + next.incrementAndGet()) == 0
                            && node.status().outTierAway());
            startServers();
            await().atMost(SOON).until(() -> {
                String key = "late-" + next.incrementAndGet();
                return cache.get(key).equals(other.get(key))
                        && !node.status().outTierAway()
                        && other.stats().outHits() > 0;
            });
            database.update("late-" + next.get());
            WriteToken token = cache.invalidate("late-" + next.get());
            assertThat(other.get("late-" + next.get(), token, SOON)).isEqualTo(1);
        }
    }
}
