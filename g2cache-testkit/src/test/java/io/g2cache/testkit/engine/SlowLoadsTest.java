package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.testkit.ManualAgents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a reader waits for a loader that is slow, or hangs. */
class SlowLoadsTest {
    private static final Duration HARD = Duration.ofSeconds(10);
    private static final Duration SOFT_TIMEOUT = Duration.ofMillis(200);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(2);

    private final Rig rig = new Rig();
    private final ManualAgents agents = new ManualAgents();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        go.countDown();
        rig.close();
    }

    private final CacheLoader<String, String> slow = key -> {
        calls.incrementAndGet();
        started.countDown();
        Rig.await(go);
        return "new";
    };

    private CacheSpecBuilder<String, String> spec() {
        return Rig.spec().lifetime(Lifetime.hard(HARD)).failSafeFor(HARD).loadTimeout(LOAD_TIMEOUT);
    }

    private G2Cache<String, String> withExpired(CacheSpecBuilder<String, String> spec) {
        G2Cache<String, String> cache =
                rig.start(rig.builder().agentScheduler(agents)).cache(spec.build());
        cache.put("a", "old");
        rig.time.advance(HARD);
        return cache;
    }

    private void pass(Duration time) {
        rig.time.advance(time);
        agents.cycle("timer");
    }

    @Test
    void afterTheSoftTimeoutTheOldValueIsServedWhileTheLoadGoesOn() throws Exception {
        G2Cache<String, String> cache = withExpired(spec().softTimeout(SOFT_TIMEOUT));
        CompletableFuture<String> read = rig.start(() -> cache.get("a", slow));
        CompletableFuture<String> async = cache.getAsync("a", slow);
        CompletableFuture<Map<String, String>> bulk = rig.start(() -> cache.getAll(List.of("a"), keys -> Map.of()));
        Rig.await(started);
        Rig.until("all wait", () -> cache.stats().localMisses() == 3);
        pass(SOFT_TIMEOUT.minusMillis(1));
        assertThat(read).isNotDone();
        assertThat(async).isNotDone();
        Rig.until("the old value", () -> {
            pass(Duration.ofMillis(1));
            return read.isDone() && async.isDone() && bulk.isDone();
        });
        assertThat(Rig.get(read)).isEqualTo("old");
        assertThat(Rig.get(async)).isEqualTo("old");
        assertThat(Rig.get(bulk)).isEqualTo(Map.of("a", "old"));
        assertThat(cache.stats().counter("soft_timeout")).isEqualTo(3);
        go.countDown();
        Rig.until("loaded", () -> cache.stats().loads() == 1);
        Rig.until("stored", () -> "new".equals(cache.get("a")));
        assertThat(calls).hasValue(1);
    }

    @Test
    void aLoadThatEndsInTimeIsWaitedFor() throws Exception {
        G2Cache<String, String> cache = withExpired(spec().softTimeout(SOFT_TIMEOUT));
        CompletableFuture<String> read = rig.start(() -> cache.get("a", slow));
        Rig.await(started);
        pass(SOFT_TIMEOUT.minusMillis(1));
        go.countDown();
        assertThat(Rig.get(read)).isEqualTo("new");
        pass(SOFT_TIMEOUT);
        assertThat(cache.stats().counter("soft_timeout")).isZero();
        assertThat(cache.stats().counter("fail_safe_hit")).isZero();
    }

    @Test
    void whereNothingIsKeptTheLoadIsWaitedForUntilTheHardLimit() throws Exception {
        G2Cache<String, String> cache = withExpired(spec().softTimeout(SOFT_TIMEOUT));
        CompletableFuture<String> read = rig.start(() -> cache.get("b", slow));
        Rig.await(started);
        pass(SOFT_TIMEOUT);
        assertThat(read).isNotDone();
        Rig.until("the hard limit", () -> {
            pass(LOAD_TIMEOUT);
            return read.isDone();
        });
        assertThat(Rig.failure(read))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("did not end within loadTimeout=" + LOAD_TIMEOUT);
        assertThat(cache.get("c", key -> "quick")).isEqualTo("quick");
    }

    @Test
    void whoWaitsForAnotherThreadsLoadGetsTheOldValueAtTheHardLimit() throws Exception {
        G2Cache<String, String> cache = withExpired(spec());
        CompletableFuture<String> owner = rig.start(() -> cache.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> joiner = rig.start(() -> cache.get("a", slow));
        Rig.until("joined", () -> cache.stats().localMisses() == 2);
        Rig.until("the old value", () -> {
            pass(LOAD_TIMEOUT);
            return joiner.isDone();
        });
        assertThat(Rig.get(joiner)).isEqualTo("old");
        assertThat(owner).isNotDone();
        go.countDown();
        assertThat(Rig.get(owner)).isEqualTo("new");
        assertThat(calls).hasValue(1);
    }

    @Test
    void aLoaderThatHangsHoldsNobodyWhereLoadsAreBounded() {
        Duration limit = Duration.ofMillis(20);
        G2Cache<String, String> cache = rig.alone()
                .cache(Rig.spec().boundedLoads(true).loadTimeout(limit).build());
        assertThatThrownBy(() -> cache.get("a", slow))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("loadTimeout=" + limit);
        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"), keys -> {
                    Rig.await(go);
                    return Map.of();
                }))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("loadTimeout=" + limit);
        assertThat(cache.get("c", key -> "quick")).isEqualTo("quick");
        rig.time.advance(limit.multipliedBy(2));
    }

    @Test
    void aBoundedLoaderStillCannotWaitForItself() {
        G2Cache<String, String> cache =
                rig.alone().cache(Rig.spec().boundedLoads(true).build());
        assertThatThrownBy(() -> cache.get("a", key -> cache.get("a", other -> "never")))
                .isInstanceOf(LoadException.class)
                .rootCause()
                .hasMessageContaining("asked the cache for its own key");
        assertThat(cache.get("a", key -> cache.get("b", other -> "b"))).isEqualTo("b");
    }

    @Test
    void aNodeThatClosesLetsItsReadersGo() throws Exception {
        var node = rig.alone();
        G2Cache<String, String> cache =
                node.cache(spec().softTimeout(SOFT_TIMEOUT).build());
        CompletableFuture<String> read = cache.getAsync("a", slow);
        Rig.await(started);
        node.close(Duration.ofMillis(10));
        assertThat(Rig.failure(read)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void waitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> Rig.spec().softTimeout(SOFT_TIMEOUT).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("softTimeout=PT0.2S needs failSafeFor");
        assertThatThrownBy(() -> spec().softTimeout(LOAD_TIMEOUT).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("softTimeout=PT2S must be below loadTimeout=PT2S");
        assertThatThrownBy(() -> Rig.spec().clusterLoad(Duration.ofSeconds(30)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clusterLoad=PT30S must be below loadTimeout=PT30S");
        assertThatThrownBy(() -> Rig.spec().refreshAhead(-0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("refreshAhead=-0.1");
    }
}
