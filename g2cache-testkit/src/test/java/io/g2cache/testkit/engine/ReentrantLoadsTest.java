package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.LoadException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loaders that ask the cache themselves: for other keys that works, in a circle it is an error, long before the load timeout. */
@Timeout(60)
class ReentrantLoadsTest {
    /** Longer than the test may take: what waits for it hangs. */
    private static final Duration NEVER = Duration.ofHours(1);

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<G2Cache<String, String>> caches(G2Node node) {
        return List.of(
                node.cache(Rig.named("own-thread").loadTimeout(NEVER).build()),
                node.cache(Rig.named("bounded")
                        .loadTimeout(NEVER)
                        .boundedLoads(true)
                        .build()));
    }

    @Test
    void aCircleOfTwoKeysIsAnErrorAndBothCanBeLoadedAfterwards() throws Exception {
        for (G2Cache<String, String> cache : caches(rig.withAll())) {
            CacheLoader<String, String> a = key -> cache.get("b", b -> cache.get("a", again -> "never"));
            assertThatThrownBy(() -> cache.get("a", a))
                    .as(cache.name())
                    .isInstanceOf(LoadException.class)
                    .hasStackTraceContaining("asked the cache for");
            assertThat(Rig.failure(cache.getAsync("a", a))).hasStackTraceContaining("asked the cache for");
            assertThat(cache.get("a", key -> "1")).isEqualTo("1");
            assertThat(cache.get("b", key -> "2")).isEqualTo("2");
        }
    }

    @Test
    void aCircleThroughOtherCachesAndBulkLoadsIsAnError() {
        List<G2Cache<String, String>> two = caches(rig.alone());
        G2Cache<String, String> first = two.get(0);
        G2Cache<String, String> second = two.get(1);
        CacheLoader<String, String> third = key -> first.getAll(List.of("x", "a"), wanted -> Map.of("x", "1", "a", "2"))
                .get("a");
        CacheLoader<String, String> a =
                key -> second.getAll(List.of("b", "c"), wanted -> Map.of("b", String.valueOf(second.get("d", third))))
                        .get("b");
        assertThatThrownBy(() -> first.get("a", a))
                .isInstanceOf(LoadException.class)
                .hasStackTraceContaining("asked the cache for");
        assertThat(first.getAll(List.of("x", "a"), wanted -> Map.of("x", "1", "a", "2")))
                .hasSize(2);
        assertThat(second.get("d", key -> "3")).isEqualTo("3");
    }

    @Test
    void twoThreadsWhoseLoadersWaitForEachOtherAreToldSo() throws Exception {
        for (G2Cache<String, String> cache : caches(rig.alone())) {
            CountDownLatch both = new CountDownLatch(2);
            CompletableFuture<String> a = rig.start(() -> cache.get("a", crossing(cache, both, "b")));
            CompletableFuture<String> b = rig.start(() -> cache.get("b", crossing(cache, both, "a")));
            assertThat(Rig.failure(a)).as(cache.name()).isInstanceOf(LoadException.class);
            assertThat(Rig.failure(b)).as(cache.name()).isInstanceOf(LoadException.class);
            assertThat(List.of(Rig.failure(a), Rig.failure(b)))
                    .anySatisfy(failure ->
                            assertThat(failure).hasStackTraceContaining("whose loader waits for that key in its turn"));
            assertThat(cache.get("a", key -> "1")).isEqualTo("1");
        }
    }

    @Test
    void whoWasToldAboutACircleWaitsForNothingAnyMore() throws Exception {
        G2Cache<String, String> cache =
                rig.alone().cache(Rig.named("own-thread").loadTimeout(NEVER).build());
        CountDownLatch inB = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Thread> asking = new AtomicReference<>();
        CompletableFuture<String> b = rig.start(() -> cache.get("b", key -> {
            inB.countDown();
            Rig.until("the loader of a waits for b", () -> Rig.waits(asking.get()));
            assertThatThrownBy(() -> cache.get("a", never -> "never")).hasMessageContaining("in its turn");
            told.countDown();
            Rig.await(go);
            return "b";
        }));
        Rig.await(inB);
        CompletableFuture<String> a = rig.start(() -> cache.get("a", key -> {
            asking.set(Thread.currentThread());
            assertThatThrownBy(() -> cache.get("b", never -> "never")).hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            interrupted.countDown();
            return cache.get("b", never -> "never") + "!";
        }));
        Rig.await(told);
        asking.get().interrupt();
        Rig.await(interrupted);
        Rig.until("the loader of a waits again", () -> a.isDone() || Rig.waits(asking.get()));
        go.countDown();
        assertThat(Rig.get(a)).isEqualTo("b!");
        assertThat(Rig.get(b)).isEqualTo("b");
    }

    private static CacheLoader<String, String> crossing(
            G2Cache<String, String> cache, CountDownLatch both, String other) {
        return key -> {
            both.countDown();
            Rig.await(both);
            return cache.get(other, k -> "loaded by the other");
        };
    }

    @Test
    void aLoaderMayAskForOtherKeysHoweverManyWaitForThem() throws Exception {
        for (G2Cache<String, String> cache : caches(rig.withAll())) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<String> leaf = rig.start(() -> cache.get("leaf", key -> {
                started.countDown();
                Rig.await(go);
                return "leaf";
            }));
            Rig.await(started);
            CompletableFuture<String> one = rig.start(() -> cache.get("one", key -> cache.get("leaf", k -> "x") + "1"));
            CompletableFuture<String> two = rig.start(() -> cache.get("two", key -> cache.get("one", k -> "1") + "2"));
            CompletableFuture<Map<String, String>> all = rig.start(() ->
                    cache.getAll(List.of("three", "leaf"), keys -> Map.of("three", cache.get("leaf", k -> "x") + "3")));
            go.countDown();
            assertThat(Rig.get(leaf)).isEqualTo("leaf");
            assertThat(Rig.get(one)).isIn("leaf1", "1");
            assertThat(Rig.get(two)).isIn("leaf12", "12");
            assertThat(Rig.get(all)).containsEntry("three", "leaf3");
        }
    }

    @Test
    void aLoaderMayBeNestedDeeply() {
        for (G2Cache<String, String> cache : caches(rig.withOut())) {
            assertThat(cache.get("0", nested(cache, 100))).isEqualTo("100");
            assertThat(cache.get("50")).isEqualTo("100");
        }
    }

    private static CacheLoader<String, String> nested(G2Cache<String, String> cache, int depth) {
        return key -> {
            int next = Integer.parseInt(key) + 1;
            return next > depth ? key : String.valueOf(cache.get(String.valueOf(next), nested(cache, depth)));
        };
    }

    @Test
    void aLoaderMayWriteItsOwnKeyAndOthersMay() throws Exception {
        for (G2Cache<String, String> cache : caches(rig.withAll())) {
            assertThat(cache.get("a", key -> {
                        cache.put("a", "written");
                        return "loaded";
                    }))
                    .isEqualTo("loaded");
            assertThat(cache.get("a")).isNotEqualTo("loaded");
            assertThat(cache.get("b", key -> {
                        cache.invalidate("b");
                        return "loaded";
                    }))
                    .isEqualTo("loaded");
            assertThat(cache.get("b"))
                    .as("an event of the key refuses the fill")
                    .isNull();
            assertThat(cache.get("c", key -> {
                        cache.clear();
                        return "loaded";
                    }))
                    .isEqualTo("loaded");
            assertThat(cache.get("c"))
                    .as("an event of the cache refuses the fill")
                    .isNull();
        }
    }
}
