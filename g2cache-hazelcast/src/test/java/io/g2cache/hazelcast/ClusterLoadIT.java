package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.codec.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes, one with a real member and one with a client of it: one loads, and the other waits for what it loads. */
class ClusterLoadIT {
    private static G2Node member;
    private static G2Node client;

    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final CacheLoader<String, String> slow = key -> {
        int call = calls.incrementAndGet();
        if (!go.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody let the load end");
        }
        return key + call;
    };

    @BeforeAll
    static void start() {
        int port = Ports.free(1)[0];
        member = G2Node.builder()
                .out(HazelcastOut.member()
                        .clusterName("one-load")
                        .port(port)
                        .options(Tier.PATIENT)
                        .build())
                .build();
        HazelcastOut out = HazelcastOut.client()
                .clusterName("one-load")
                .addresses(Ports.address(port))
                .options(Tier.PATIENT)
                .build();
        Tier.awaitConnected(out);
        client = G2Node.builder().out(out).build();
    }

    @AfterAll
    static void stop() {
        client.close(Duration.ofSeconds(10));
        member.close(Duration.ofSeconds(10));
    }

    private static CacheSpec<String, String> spec(String name, Duration limit) {
        return CacheSpec.builder(name, Codecs.string(), Codecs.string())
                .clusterLoad(limit)
                .build();
    }

    private void assertLoadedOnce(G2Cache<String, String> here, G2Cache<String, String> there, String key) {
        List<CompletableFuture<String>> reads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            reads.add(here.getAsync(key, slow));
            reads.add(there.getAsync(key, slow));
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(here.stats().counter("cluster_wait")
                                + there.stats().counter("cluster_wait"))
                        .isEqualTo(1));
        go.countDown();
        assertThat(reads)
                .allSatisfy(read -> assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(key + 1));
        assertThat(calls).hasValue(1);
    }

    @Test
    void oneNodeLoadsForBoth() {
        CacheSpec<String, String> spec = spec("waits", Duration.ofSeconds(20));
        G2Cache<String, String> here = member.cache(spec);
        G2Cache<String, String> there = client.cache(spec);
        assertLoadedOnce(here, there, "a");
    }

    @Test
    void oneNodeLoadsForBothWhereATombstoneLies() {
        CacheSpec<String, String> spec = spec("tombstones", Duration.ofSeconds(20));
        G2Cache<String, String> here = member.cache(spec);
        G2Cache<String, String> there = client.cache(spec);
        here.put("a", "old");
        here.invalidate("a");
        assertLoadedOnce(here, there, "a");
    }

    @Test
    void aLoadThatHangsHoldsTheOtherNodeUpToTheLimitOnly() throws Exception {
        CacheSpec<String, String> spec = spec("hangs", Duration.ofMillis(300));
        G2Cache<String, String> here = member.cache(spec);
        G2Cache<String, String> there = client.cache(spec);
        CompletableFuture<String> hanging = here.getAsync("a", slow);
        Awaitility.await().until(() -> calls.get() == 1);
        assertThat(there.get("a", key -> "own")).isEqualTo("own");
        assertThat(there.stats().counter("cluster_wait_over")).isEqualTo(1);
        go.countDown();
        assertThat(hanging.get(20, TimeUnit.SECONDS)).isEqualTo("a1");
    }
}
