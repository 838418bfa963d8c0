package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.NodeClosedException;
import io.g2cache.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many loaders run at once, who waits for a place, and who needs none. */
class MaximumLoadsTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Rig rig = new Rig();
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        rig.close();
    }

    private G2Cache<String, String> cache(int maximumLoads, Duration loadTimeout) {
        return rig.withOut()
                .cache(Rig.spec()
                        .maximumLoads(maximumLoads)
                        .loadTimeout(loadTimeout)
                        .lifetime(Lifetime.of(Duration.ofSeconds(1), Duration.ofHours(1)))
                        .build());
    }

    private CacheLoader<String, String> blocking() {
        return key -> {
            inside.countDown();
            Rig.await(go);
            return "of " + key;
        };
    }

    @Test
    void noMoreLoadersRunAtOnceThanTheLimitAndAllHaveTheirTurn() throws Exception {
        G2Cache<String, String> cache = cache(3, Rig.DEADLINE);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CacheLoader<String, String> counted = key -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return "of " + key;
        };
        List<CompletableFuture<String>> reads = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String key = "k" + i;
            reads.add(i % 2 == 0 ? cache.getAsync(key, counted) : rig.start(() -> cache.get(key, counted)));
        }
        for (int i = 0; i < 60; i++) {
            assertThat(Rig.get(reads.get(i))).isEqualTo("of k" + i);
        }
        assertThat(most).hasValueLessThanOrEqualTo(3);
        assertThat(cache.stats().loads()).isEqualTo(60);
    }

    @Test
    void whoFindsNoPlaceInTimeIsToldTheLimit() throws Exception {
        G2Cache<String, String> cache = cache(1, SHORT);
        CompletableFuture<String> first = rig.start(() -> cache.get("first", blocking()));
        Rig.await(inside);
        assertThatThrownBy(() -> cache.get("second", key -> "never"))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("cache=cities: maximumLoads=1")
                .hasMessageContaining("loadTimeout=PT0.05S");
        assertThat(Rig.failure(cache.getAsync("third", key -> "never")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("maximumLoads=1");
        assertThatThrownBy(() -> cache.getAll(List.of("fourth"), keys -> Map.of()))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("maximumLoads=1");
        assertThat(cache.stats().counter("load_refused")).isEqualTo(3);
        assertThat(cache.stats().loads()).isZero();
        go.countDown();
        assertThat(Rig.get(first)).isEqualTo("of first");
        assertThat(cache.get("second", key -> "now")).isEqualTo("now");
    }

    @Test
    void anObsoleteEntryIsServedWithoutWaitingAndRefreshedLater() throws Exception {
        G2Cache<String, String> cache = cache(1, Rig.DEADLINE);
        assertThat(cache.get("old", key -> "old")).isEqualTo("old");
        CompletableFuture<String> first = rig.start(() -> cache.get("first", blocking()));
        Rig.await(inside);
        rig.time.advance(Duration.ofSeconds(2));
        assertThat(cache.get("old", key -> "new")).isEqualTo("old");
        assertThat(cache.stats().counter("refresh_rejected")).isEqualTo(1);
        go.countDown();
        Rig.get(first);
        Rig.until("refreshed", () -> "new".equals(cache.get("old", key -> "new")));
    }

    private G2Cache<String, String> drivenCache(ManualExecutor executor) {
        return rig.start(rig.builder().executor(executor))
                .cache(Rig.spec()
                        .maximumLoads(1)
                        .lifetime(Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(5)))
                        .build());
    }

    @Test
    void aRefreshThatFindsNoPlaceWhenItsLoaderIsToRunIsLeftToALaterReader() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        G2Cache<String, String> cache = drivenCache(executor);
        for (String key : List.of("a", "b")) {
            assertThat(cache.get(key, k -> "old")).isEqualTo("old");
        }
        rig.time.advance(Duration.ofSeconds(2));
        assertThat(cache.get("a", blocking())).isEqualTo("old");
        assertThat(cache.get("b", k -> "never")).isEqualTo("old");
        assertThat(cache.stats().counter("refresh")).isEqualTo(2);
        CompletableFuture<Integer> first = rig.start(executor::runAll);
        Rig.await(inside);
        assertThat(Rig.get(rig.start(executor::runAll))).isPositive();
        assertThat(cache.stats().counter("refresh_rejected")).isEqualTo(1);
        assertThat(cache.stats().counter("load_refused")).isZero();
        assertThat(cache.get("b", k -> "never")).isEqualTo("old");
        go.countDown();
        assertThat(Rig.get(first)).isPositive();
        assertThat(cache.get("b", k -> "new")).isEqualTo("old");
        executor.runAll();
        assertThat(cache.get("b", k -> "never")).isEqualTo("new");
    }

    @Test
    void aRefreshThatSomebodyHasJoinedWaitsForAPlace() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        G2Cache<String, String> cache = drivenCache(executor);
        assertThat(cache.get("a", k -> "old")).isEqualTo("old");
        rig.time.advance(Duration.ofSeconds(2));
        assertThat(cache.get("a", k -> "new")).isEqualTo("old");
        rig.time.advance(Duration.ofSeconds(4));
        CompletableFuture<String> joined = cache.getAsync("a", k -> "another");
        CompletableFuture<String> first = rig.start(() -> cache.get("first", blocking()));
        Rig.await(inside);
        AtomicReference<Thread> refreshing = new AtomicReference<>(Thread.currentThread());
        CompletableFuture<Integer> refresh = rig.start(() -> {
            refreshing.set(Thread.currentThread());
            return executor.runAll();
        });
        Rig.until("waits", () -> Rig.waits(refreshing.get()));
        assertThat(refresh).isNotDone();
        go.countDown();
        Rig.get(first);
        assertThat(Rig.get(refresh)).isPositive();
        executor.runAll();
        assertThat(Rig.get(joined)).isEqualTo("new");
        assertThat(cache.stats().counter("refresh_rejected")).isZero();
    }

    @Test
    void whatALoaderAsksForItselfNeedsNoPlace() {
        G2Cache<String, String> cache = cache(1, Rig.DEADLINE);
        String value = cache.get("a", a -> {
            String inner = cache.get("b", b -> cache.get("c", c -> "sync"));
            String async = Rig.get(cache.getAsync("d", d -> Rig.get(cache.getAsync("e", e -> " async"))));
            Map<String, String> bulk = cache.getAll(List.of("f", "g"), keys -> {
                Map<String, String> found = new LinkedHashMap<>();
                keys.forEach(key -> found.put(key, " bulk"));
                return found;
            });
            return inner + async + bulk.get("f") + cache.refresh("h", h -> " again");
        });
        assertThat(value).isEqualTo("sync async bulk again");
        assertThat(cache.get("z", z -> "later")).isEqualTo("later");
    }

    /** Else the one would wait for a place, and the other, which has it, for the one. */
    @Test
    void aLoadThatALoaderJoinsGoesOnWithoutAPlace() throws Exception {
        G2Cache<String, String> cache = cache(1, Rig.DEADLINE);
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<String> outer = rig.start(() -> cache.get("outer", outerKey -> {
            inside.countDown();
            Rig.await(waiting);
            return "outer of " + cache.get("inner", key -> "another");
        }));
        Rig.await(inside);
        CompletableFuture<String> inner = cache.getAsync("inner", key -> "inner");
        CompletableFuture<Map<String, String>> bulk =
                cache.getAllAsync(List.of("x"), keys -> Map.of("x", "waits its turn"));
        waiting.countDown();
        assertThat(Rig.get(outer)).isEqualTo("outer of inner");
        assertThat(Rig.get(inner)).isEqualTo("inner");
        assertThat(Rig.get(bulk)).containsEntry("x", "waits its turn");
    }

    @Test
    void closingTheNodeEndsTheWaiting() throws Exception {
        G2Node node = rig.withOut();
        G2Cache<String, String> cache = node.cache(Rig.spec().maximumLoads(1).build());
        var unused = rig.start(() -> cache.get("first", blocking()));
        Rig.await(inside);
        CompletableFuture<String> sync = rig.start(() -> cache.get("second", key -> "never"));
        CompletableFuture<String> async = cache.getAsync("third", key -> "never");
        Rig.until("all three are under way", () -> cache.stats().localMisses() == 3);
        node.close(SHORT);
        assertThat(Rig.failure(async)).isInstanceOf(NodeClosedException.class);
        assertThat(Rig.failure(sync)).isInstanceOf(NodeClosedException.class);
    }
}
