package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.NodeClosedException;
import io.g2cache.testkit.OutFault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One node of the cluster loads a key while the others wait for what it puts into the out tier. */
class ClusterLoadTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration HARD = Duration.ofSeconds(10);

    private final Rig rig = new Rig();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final CacheSpec<String, String> spec =
            Rig.spec().lifetime(Lifetime.hard(HARD)).clusterLoad(LIMIT).build();
    private final CacheLoader<String, String> slow = key -> {
        calls.incrementAndGet();
        started.countDown();
        Rig.await(go);
        return "slow";
    };

    @AfterEach
    void close() {
        go.countDown();
        rig.close();
    }

    private G2Cache<String, String> node() {
        return rig.peer().cache(spec);
    }

    private CacheLoader<String, String> counted(String value) {
        return key -> {
            calls.incrementAndGet();
            return value;
        };
    }

    private static long waits(G2Cache<?, ?> cache) {
        return cache.stats().counter("cluster_wait");
    }

    private void passUntilDone(CompletableFuture<?> read) throws InterruptedException {
        Rig.until("done", () -> {
            rig.time.advance(Duration.ofMillis(2));
            return read.isDone();
        });
    }

    private void assertOneLoad(G2Cache<String, String> loading, G2Cache<String, String> waiting) throws Exception {
        CompletableFuture<String> first = rig.start(() -> loading.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> second = rig.start(() -> waiting.get("a", counted("own")));
        CompletableFuture<String> third = waiting.getAsync("a", counted("own"));
        Rig.until("waits", () -> waits(waiting) == 1);
        assertThat(second).isNotDone();
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("slow");
        passUntilDone(second);
        assertThat(Rig.get(second)).isEqualTo("slow");
        assertThat(Rig.get(third)).isEqualTo("slow");
        assertThat(calls).hasValue(1);
        assertThat(waits(loading)).isZero();
        assertThat(waiting.stats().counter("cluster_wait_over")).isZero();
    }

    @Test
    void othersWaitForTheLoadOfAKeyThatIsNotThere() throws Exception {
        assertOneLoad(node(), node());
    }

    @Test
    void othersWaitForTheLoadOfAKeyThatWasInvalidated() throws Exception {
        G2Cache<String, String> loading = node();
        G2Cache<String, String> waiting = node();
        loading.put("a", "old");
        loading.invalidate("a");
        assertOneLoad(loading, waiting);
    }

    @Test
    void othersWaitForTheLoadOfAnExpiredKey() throws Exception {
        G2Cache<String, String> loading = node();
        G2Cache<String, String> waiting = node();
        loading.put("a", "old");
        rig.time.advance(HARD);
        assertOneLoad(loading, waiting);
    }

    @Test
    void aHolderThatHangsHoldsNobodyBeyondTheLimit() throws Exception {
        G2Cache<String, String> hanging = node();
        G2Cache<String, String> waiting = node();
        CompletableFuture<String> first = rig.start(() -> hanging.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> second = rig.start(() -> waiting.get("a", counted("own")));
        Rig.until("waits", () -> waits(waiting) == 1);
        rig.time.advance(LIMIT.minusMillis(1));
        assertThat(second).isNotDone();
        passUntilDone(second);
        assertThat(Rig.get(second)).isEqualTo("own");
        assertThat(waiting.stats().counter("cluster_wait_over")).isEqualTo(1);
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("slow");
        assertThat(waiting.get("a")).isEqualTo("own");
        assertThat(node().get("a")).isEqualTo("own");
    }

    @Test
    void aNodeDoesNotWaitForItself() {
        G2Cache<String, String> cache = node();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> cache.get("a", key -> {
                        throw new IOException("down");
                    }))
                    .isInstanceOf(LoadException.class);
        }
        assertThat(cache.get("a", key -> null)).isNull();
        assertThat(cache.get("a", counted("own"))).isEqualTo("own");
        cache.invalidate("a");
        assertThatThrownBy(() -> cache.get("a", key -> {
                    throw new IOException("down");
                }))
                .isInstanceOf(LoadException.class);
        assertThat(cache.get("a", counted("own"))).isEqualTo("own");
        assertThat(waits(cache)).isZero();
    }

    private static CacheLoader<String, String> failing() {
        return key -> {
            throw new IOException("down");
        };
    }

    @Test
    void norForWhatItsBulkReadHasLeft() throws Exception {
        G2Cache<String, String> cache = node();
        assertThatThrownBy(() -> cache.getAll(List.of("a"), keys -> {
                    throw new IOException("down");
                }))
                .isInstanceOf(LoadException.class);
        assertThat(Rig.get(cache.getAsync("a", counted("own")))).isEqualTo("own");
        assertThat(waits(cache)).isZero();
    }

    @Test
    void norForWhatItsRefreshHasLeft() throws Exception {
        G2Cache<String, String> cache = node();
        assertThatThrownBy(() -> cache.refresh("a", failing())).isInstanceOf(LoadException.class);
        assertThat(Rig.get(cache.getAsync("a", counted("own")))).isEqualTo("own");
        assertThat(waits(cache)).isZero();
    }

    @Test
    void norForThePlaceholderThatItHasPutAfterAWait() throws Exception {
        G2Cache<String, String> loading = node();
        G2Cache<String, String> waiting = rig.withAll().cache(spec);
        CompletableFuture<String> first = rig.start(() -> loading.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> second = rig.start(() -> waiting.get("a", key -> {
            rig.outFaults.rate(OutFault.LEASE_LOST, 0);
            throw new IOException("down");
        }));
        Rig.until("waits", () -> waits(waiting) == 1);
        rig.outFaults.rate(OutFault.LEASE_LOST, 1);
        passUntilDone(second);
        assertThat(Rig.failure(second)).isInstanceOf(LoadException.class);
        assertThat(Rig.get(waiting.getAsync("a", counted("own")))).isEqualTo("own");
        assertThat(waits(waiting)).isEqualTo(1);
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("slow");
    }

    @Test
    void anInvalidationEndsTheWait() throws Exception {
        G2Cache<String, String> loading = node();
        G2Cache<String, String> waiting = node();
        CompletableFuture<String> first = rig.start(() -> loading.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> second = rig.start(() -> waiting.get("a", counted("own")));
        Rig.until("waits", () -> waits(waiting) == 1);
        loading.invalidate("a");
        passUntilDone(second);
        assertThat(Rig.get(second)).isEqualTo("own");
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("slow");
        assertThat(waiting.get("a")).isEqualTo("own");
        assertThat(loading.get("a")).isEqualTo("own");
    }

    @Test
    void whoWaitsWhenTheGenerationEndsLoadsForItself() throws Exception {
        G2Cache<String, String> loading = node();
        G2Cache<String, String> waiting = node();
        CompletableFuture<String> first = rig.start(() -> loading.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> second = rig.start(() -> waiting.get("a", counted("own")));
        CompletableFuture<String> third = waiting.getAsync("a", counted("own"));
        Rig.until("waits", () -> waits(waiting) == 1 && waiting.stats().localMisses() == 2);
        rig.broker.recreate("default");
        assertThat(Rig.get(second)).isEqualTo("own");
        assertThat(Rig.get(third)).isEqualTo("own");
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("slow");
    }

    @Test
    void whoWaitsWhenTheNodeClosesLoadsNoMore() throws Exception {
        G2Cache<String, String> loading = node();
        G2Node closes = rig.peer();
        G2Cache<String, String> waiting = closes.cache(spec);
        CompletableFuture<String> first = rig.start(() -> loading.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> second = waiting.getAsync("a", counted("own"));
        Rig.until("waits", () -> waits(waiting) == 1);
        closes.close(Duration.ofMillis(10));
        assertThat(Rig.failure(second)).isInstanceOf(NodeClosedException.class);
        assertThat(calls).hasValue(1);
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("slow");
    }

    @Test
    void withoutAnOutTierEachNodeLoads() {
        G2Cache<String, String> cache = rig.alone().cache(spec);
        assertThat(cache.get("a", counted("own"))).isEqualTo("own");
        assertThat(waits(cache)).isZero();
    }
}
