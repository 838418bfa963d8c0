package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.hazelcast.HazelcastOut;
import io.g2cache.testkit.Database;
import io.g2cache.testkit.TcpProxy;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A Hazelcast cluster of two members, each inside a node, is split and becomes one again, while both nodes write. No node reads
 * anything older than what it has applied, and afterwards the out tier accounts for every event.
 */
@Tag("slow")
class SplitOutTierIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String CACHE = "numbers";
    private static final int KEYS = 20;

    /** Read, lease and fill have 750 ms each, and the loader next to nothing. */
    private static final long MOST_P99_MILLIS = 2_500;

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final String namespace = "split-" + UUID.randomUUID();
    private final Database database = new Database();
    private final Map<String, WriteToken> newest = new HashMap<>();
    private final ReadTimes readTimes = new ReadTimes();
    private int writes;

    private HazelcastOut member(TcpProxy own, TcpProxy other) {
        int port = Rig.freePort();
        own.target(port);
        return HazelcastOut.member()
                .clusterName(namespace)
                .port(port)
                .members("127.0.0.1:" + own.port(), "127.0.0.1:" + other.port())
                .configure(config -> {
                    config.getNetworkConfig().setPublicAddress("127.0.0.1:" + own.port());
                    config.setProperty("hazelcast.merge.first.run.delay.seconds", "2");
                    config.setProperty("hazelcast.merge.next.run.delay.seconds", "2");
                })
                .build();
    }

    private G2Node node(HazelcastOut out) {
        return G2Node.builder()
                .namespace(namespace)
                .out(out)
                .sync(Rig.kafka(BROKER.bootstrapServers()))
                .build();
    }

    @Test
    void anOutTierThatWasSplitAccountsForEveryEventAfterwards() throws Exception {
        split(1, Duration.ZERO);
    }

    /** Each split is longer than members bear each other's silence, and than their materialisers' sessions. */
    @Test
    @Tag("nightly")
    void anOutTierThatIsSplitAgainAndAgainAccountsForEveryEventAfterwards() throws Exception {
        split(6, Duration.ofSeconds(25));
    }

    private void split(int times, Duration atLeast) throws Exception {
        CacheSpec<String, Long> spec = CacheSpec.builder(CACHE, Codecs.string(), Codecs.int64())
                .loader(database::read)
                .build();
        try (TcpProxy a = TcpProxy.open();
                TcpProxy b = TcpProxy.open();
                HazelcastOut first = member(a, b);
                HazelcastOut second = member(b, a)) {
            awaitMembers(first, second, 2);
            try (G2Node one = node(first);
                    G2Node two = node(second)) {
                List<G2Cache<String, Long>> caches = List.of(one.cache(spec), two.cache(spec));
                work(caches, 40);
                for (int i = 0; i < times; i++) {
                    a.cut();
                    b.cut();
                    awaitMembers(first, second, 1);
                    workFor(caches, atLeast);
                    a.pass();
                    b.pass();
                    Awaitility.await()
                            .atMost(SOON)
                            .until(() -> work(caches, 2) && size(first) == 2 && size(second) == 2);
                    work(caches, 100);
                    assertConverges(first);
                    assertConverges(second);
                }
                work(caches, 40);
                readTimes.write("split-out-tier");
                assertThat(readTimes.mostP99Millis())
                        .as("milliseconds of the p99 in the worst second")
                        .isLessThan(MOST_P99_MILLIS);
                assertThat(caches)
                        .allSatisfy(cache -> assertThat(cache.stats().counter("out_untrusted")
                                        + cache.stats().outHits())
                                .isPositive());
            }
        }
    }

    private void workFor(List<G2Cache<String, Long>> caches, Duration atLeast) throws InterruptedException {
        long start = System.nanoTime();
        do {
            work(caches, 200);
        } while (System.nanoTime() - start < atLeast.toNanos());
    }

    private static int size(HazelcastOut out) {
        return out.instance().getLifecycleService().isRunning()
                ? out.instance().getCluster().getMembers().size()
                : 0;
    }

    private static void awaitMembers(HazelcastOut first, HazelcastOut second, int size) {
        Awaitility.await().atMost(SOON).until(() -> size(first) == size && size(second) == size);
    }

    /** Writes here and there, and reads everywhere. */
    private boolean work(List<G2Cache<String, Long>> caches, int rounds) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            String key = "key-" + writes % KEYS;
            long row = database.update(key);
            WriteToken token = caches.get(writes++ / KEYS % 2).invalidate(key);
            newest.put(key, token);
            for (G2Cache<String, Long> cache : caches) {
                assertThat(cache.get(key, token, SOON)).isGreaterThanOrEqualTo(row);
                long began = System.nanoTime();
                assertThat(cache.get("key-" + (writes + 1) % KEYS)).isNotNegative();
                readTimes.ended(began);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return true;
    }

    private void assertConverges(HazelcastOut out) {
        String generation = newest.values().iterator().next().generation();
        try (OutTierView tier = new OutTierView(out, namespace, CACHE, generation)) {
            Awaitility.await()
                    .atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(() -> tier.versions(newest.keySet()).forEach((key, version) -> {
                        long event =
                                newest.get(key).offsets().values().iterator().next();
                        assertThat(version == OutTierView.NOTHING || version >= event)
                                .as("%s is at %s, its newest event at %s", key, version, event)
                                .isTrue();
                    }));
        }
    }
}
