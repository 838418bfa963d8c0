package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.WriteToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who calls the loader, who waits for it, and what they get. */
class LoadsTest {
    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    private CacheLoader<String, String> counted(String value) {
        return key -> value + calls.incrementAndGet();
    }

    @Test
    void theSecondReadIsALocalHit() {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        assertThat(cache.get("a", counted("v"))).isEqualTo("v1");
        assertThat(cache.get("a", counted("v"))).isEqualTo("v1");
        assertThat(cache.get("a")).isEqualTo("v1");
        assertThat(cache.stats().localHits()).isEqualTo(2);
        assertThat(cache.stats().localMisses()).isEqualTo(1);
        assertThat(cache.stats().loads()).isEqualTo(1);
        assertThat(cache.estimatedSize()).isEqualTo(1);
    }

    @Test
    void aThousandReadersOfAMissingKeyCallTheLoaderOnce() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CacheLoader<String, String> slow = key -> {
            started.countDown();
            Rig.await(go);
            return "v" + calls.incrementAndGet();
        };
        List<CompletableFuture<String>> reads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            reads.add(rig.start(() -> cache.get("a", slow)));
        }
        for (int i = 0; i < 800; i++) {
            reads.add(cache.getAsync("a", slow));
        }
        Rig.await(started);
        assertThat(cache.get("b", counted("other"))).isEqualTo("other1");
        go.countDown();
        for (CompletableFuture<String> read : reads) {
            assertThat(Rig.get(read)).isEqualTo("v2");
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aReaderThatMissedWhileTheLoadEndedDoesNotLoadAgain() throws Exception {
        HookedLocal local = new HookedLocal();
        G2Cache<String, String> cache = Rig.cache(rig.start(rig.builder().local(local)));
        local.afterFind.set(() -> cache.get("a", counted("v")));
        assertThat(cache.get("a", counted("v"))).isEqualTo("v1");
        local.afterFind.set(() -> cache.get("b", counted("v")));
        assertThat(cache.getAll(List.of("b"), keys -> Map.of("b", "v" + calls.incrementAndGet())))
                .containsExactly(Map.entry("b", "v2"));
    }

    @Test
    void anObsoleteValueIsReturnedAndRefreshedOnceForAThousandReaders() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        Lifetime lifetime = Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(10));
        cache.get("a", lifetime, counted("v"));
        rig.time.advance(Duration.ofSeconds(1));
        CountDownLatch go = new CountDownLatch(1);
        CacheLoader<String, String> slow = key -> {
            Rig.await(go);
            return "v" + calls.incrementAndGet();
        };
        for (int i = 0; i < 1000; i++) {
            assertThat(cache.get("a", lifetime, slow)).isEqualTo("v1");
        }
        go.countDown();
        Rig.until("refreshed", () -> "v2".equals(cache.get("a", lifetime, slow)));
        assertThat(calls).hasValue(2);
        assertThat(cache.stats().counter("refresh")).isEqualTo(1);
        assertThat(cache.stats().counter("stale_hit")).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void aReaderOfAnObsoleteValueThatWasRefreshedMeanwhileDoesNotRefreshAgain() throws Exception {
        HookedLocal local = new HookedLocal();
        G2Cache<String, String> cache = Rig.cache(rig.start(rig.builder().local(local)));
        Lifetime lifetime = Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(10));
        cache.put("a", "old", lifetime);
        rig.time.advance(Duration.ofSeconds(1));
        local.afterFind.set(() -> cache.put("a", "new", lifetime));
        assertThat(cache.get("a", lifetime, counted("v"))).isEqualTo("old");
        assertThat(cache.get("a", lifetime, counted("v"))).isEqualTo("new");
        assertThat(cache.stats().counter("refresh")).isZero();
        assertThat(calls).hasValue(0);
    }

    @Test
    void anExpiredValueIsNeverServed() {
        G2Cache<String, String> cache = Rig.cache(rig.withOut());
        Lifetime lifetime = Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(10));
        cache.put("a", "old", lifetime);
        rig.time.advance(Duration.ofMillis(9_999));
        assertThat(cache.get("a")).isEqualTo("old");
        rig.time.advance(Duration.ofMillis(1));
        assertThat(cache.get("a")).isNull();
        assertThatThrownBy(() -> cache.get("a", key -> {
                    throw new IOException("down");
                }))
                .isInstanceOf(LoadException.class)
                .hasRootCauseMessage("down");
    }

    @Test
    void aFailureReachesEveryWaiterAndIsNotCached() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        IOException origin = new IOException("down");
        CacheLoader<String, String> failing = key -> {
            calls.incrementAndGet();
            started.countDown();
            Rig.await(go);
            throw origin;
        };
        List<CompletableFuture<String>> reads = new ArrayList<>();
        reads.add(rig.start(() -> cache.get("a", failing)));
        Rig.await(started);
        for (int i = 0; i < 20; i++) {
            reads.add(cache.getAsync("a", failing));
        }
        go.countDown();
        for (CompletableFuture<String> read : reads) {
            assertThat(Rig.failure(read))
                    .isInstanceOf(LoadException.class)
                    .hasCause(origin)
                    .hasMessageContaining("java.io.IOException: down");
        }
        assertThat(calls).hasValue(1);
        assertThat(cache.get("a", key -> "well")).isEqualTo("well");
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    @Test
    void anErrorOfTheLoaderIsALoadException() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        CacheLoader<String, String> broken = key -> {
            throw new AssertionError("broken");
        };
        assertThatThrownBy(() -> cache.get("a", broken))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(AssertionError.class);
        assertThat(Rig.failure(cache.getAsync("a", broken)))
                .isInstanceOf(LoadException.class)
                .hasCauseInstanceOf(AssertionError.class);
        assertThat(cache.get("a", key -> "well")).isEqualTo("well");
    }

    @Test
    void noValueIsNotCachedByDefault() {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        for (int i = 1; i <= 3; i++) {
            assertThat(cache.get("a", key -> {
                        calls.incrementAndGet();
                        return null;
                    }))
                    .isNull();
            assertThat(calls).hasValue(i);
        }
    }

    @Test
    void noValueIsCachedForItsOwnLifetimeWhereTheSpecSaysSo() {
        G2Cache<String, String> cache = rig.withAll()
                .cache(Rig.spec()
                        .absentLifetime(Lifetime.hard(Duration.ofSeconds(3)))
                        .build());
        CacheLoader<String, String> nothing = key -> {
            calls.incrementAndGet();
            return null;
        };
        assertThat(cache.get("a", nothing)).isNull();
        assertThat(cache.get("a", nothing)).isNull();
        assertThat(cache.getAll(List.of("a"), keys -> Map.of("a", "loaded"))).isEmpty();
        assertThat(calls).hasValue(1);
        rig.time.advance(Duration.ofSeconds(3));
        assertThat(cache.get("a", nothing)).isNull();
        assertThat(calls).hasValue(2);
    }

    @Test
    void aReadAfterAnInvalidationDoesNotJoinAnOlderLoad() throws Exception {
        for (G2Node node : List.of(rig.alone(), rig.withLog(), rig.withAll())) {
            G2Cache<String, String> cache = Rig.cache(node);
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<String> older = rig.start(() -> cache.get("a", key -> {
                started.countDown();
                Rig.await(go);
                return "old";
            }));
            Rig.await(started);
            cache.invalidate("a");
            assertThat(cache.get("a", key -> "new")).isEqualTo("new");
            go.countDown();
            assertThat(Rig.get(older)).isEqualTo("old");
            assertThat(cache.get("a")).as("node=%s", node).isNotEqualTo("old");
            assertThat(cache.stats().counter("fill_rejected")).isPositive();
        }
    }

    @Test
    void aReadAfterAClearDoesNotJoinAnOlderLoad() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> older = rig.start(() -> cache.get("a", key -> {
            started.countDown();
            Rig.await(go);
            return "old";
        }));
        Rig.await(started);
        WriteToken token = cache.clear();
        assertThat(token.offsets()).hasSize(1);
        assertThat(cache.get("a", key -> "new")).isEqualTo("new");
        go.countDown();
        assertThat(Rig.get(older)).isEqualTo("old");
        assertThat(cache.get("a", key -> "newest")).isNotEqualTo("old");
    }

    @Test
    void aLoaderThatAsksForItsOwnKeyGetsAClearError() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withOut());
        CacheLoader<String, String> other = key -> "other of " + key;
        assertThat(cache.get("a", key -> cache.get("b", other))).isEqualTo("other of b");
        CacheLoader<String, String> own = key -> cache.get("c", other);
        assertThatThrownBy(() -> cache.get("c", own))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("asked the cache for its own key");
        assertThat(Rig.failure(cache.getAsync("c", own))).hasMessageContaining("asked the cache for its own key");
        assertThatThrownBy(() -> cache.getAll(List.of("c", "d"), keys -> cache.getAll(List.of("d"), k -> Map.of())))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("asked the cache for its own key");
        assertThat(cache.get("c", other)).isEqualTo("other of c");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aLoaderOfTheWrongTypeDoesNotPoisonTheKey() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        CacheLoader wrong = key -> 17;
        assertThatThrownBy(() -> ((G2Cache) cache).get("a", wrong))
                .isInstanceOf(LoadException.class)
                .hasRootCauseInstanceOf(ClassCastException.class);
        assertThat(Rig.failure(((G2Cache) cache).getAsync("a", wrong))).isInstanceOf(LoadException.class);
        assertThat(cache.get("a", key -> "well")).isEqualTo("well");
        assertThat(cache.get("a")).isEqualTo("well");
    }

    @Test
    void anOversizeLoadedValueIsALoadExceptionThatNamesTheLimit() {
        G2Cache<String, String> cache =
                rig.alone().cache(Rig.spec().maximumValueBytes(3).build());
        assertThatThrownBy(() -> cache.get("a", key -> "four"))
                .isInstanceOf(LoadException.class)
                .hasStackTraceContaining("bytes=4")
                .hasStackTraceContaining("maximumValueBytes=3");
        assertThat(cache.get("a", key -> "two")).isEqualTo("two");
    }

    @Test
    void aRefreshLoadsAgainAndItsValueIsKept() throws Exception {
        G2Cache<String, String> cache =
                rig.withAll().cache(Rig.spec().loader(counted("v")).build());
        assertThat(cache.get("a")).isEqualTo("v1");
        assertThat(cache.refresh("a")).isEqualTo("v2");
        assertThat(cache.get("a")).isEqualTo("v2");
        assertThat(Rig.get(cache.refreshAsync("a", key -> "w"))).isEqualTo("w");
        assertThat(cache.get("a")).isEqualTo("w");
        G2Cache<String, String> without = Rig.cache(rig.alone());
        assertThatThrownBy(() -> without.refresh("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cities");
    }

    @Test
    void waitersGiveUpAfterTheLoadTimeoutAndTheThreadThatLoadsDoesNot() throws Exception {
        G2Cache<String, String> cache = rig.withOut()
                .cache(Rig.spec().loadTimeout(Duration.ofMillis(50)).build());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CacheLoader<String, String> slow = key -> {
            started.countDown();
            Rig.await(go);
            return "slow";
        };
        CompletableFuture<String> loads = rig.start(() -> cache.get("a", slow));
        Rig.await(started);
        CompletableFuture<String> asynchronous = cache.getAsync("a", slow);
        assertThatThrownBy(() -> cache.get("a", slow))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("PT0.05S");
        rig.time.advance(Duration.ofMillis(60));
        assertThat(Rig.failure(asynchronous))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("loadTimeout of 50 ms");
        assertThat(cache.get("a", key -> "quick")).isEqualTo("quick");
        go.countDown();
        assertThat(Rig.get(loads)).isEqualTo("slow");
    }

    @Test
    void anAsynchronousLoadThatHangsEndsWithTheLoadTimeout() throws Exception {
        G2Cache<String, String> cache =
                rig.alone().cache(Rig.spec().loadTimeout(Duration.ofMillis(50)).build());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> hangs = cache.getAsync("a", key -> {
            started.countDown();
            Rig.await(go);
            return "late";
        });
        Rig.await(started);
        rig.time.advance(Duration.ofMillis(60));
        assertThat(Rig.failure(hangs)).isInstanceOf(LoadException.class);
        go.countDown();
    }

    @Test
    void anInterruptedWaiterGivesUpAndTheLoadGoesOn() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> loads = rig.start(() -> cache.get("a", key -> {
            started.countDown();
            Rig.await(go);
            return "v";
        }));
        Rig.await(started);
        CompletableFuture<Boolean> waits = rig.start(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> cache.get("a", key -> "other"))
                    .isInstanceOf(LoadException.class)
                    .hasMessageContaining("interrupted");
            return Thread.interrupted();
        });
        assertThat(Rig.get(waits)).isTrue();
        go.countDown();
        assertThat(Rig.get(loads)).isEqualTo("v");
    }
}
