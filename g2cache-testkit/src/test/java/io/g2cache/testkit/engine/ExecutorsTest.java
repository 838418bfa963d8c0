package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.testkit.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In whose thread the steps run, and what happens where there is no room for them. */
class ExecutorsTest {
    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aSynchronousLoaderRunsInItsCallerAndAnAsynchronousOneNever() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        CacheLoader<String, String> loader = key -> {
            ran.set(Thread.currentThread());
            return key;
        };
        Executor endsBeforeItReturns = task -> CompletableFuture.runAsync(task).join();
        for (G2Node node :
                List.of(rig.alone(), rig.withAll(), rig.start(rig.builder().executor(endsBeforeItReturns)))) {
            G2Cache<String, String> cache = Rig.cache(node);
            cache.get("a", loader);
            assertThat(ran).hasValue(Thread.currentThread());
            Rig.get(cache.getAsync("b", loader));
            assertThat(ran).doesNotHaveValue(Thread.currentThread());
            cache.refresh("b", loader);
            assertThat(ran).hasValue(Thread.currentThread());
            Rig.get(cache.refreshAsync("b", loader));
            assertThat(ran).doesNotHaveValue(Thread.currentThread());
        }
    }

    @Test
    void stepsThatTheExecutorRefusesRunInTheirCallerAndAreCounted() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        executor.capacity(0);
        G2Cache<String, String> cache = Rig.cache(rig.start(rig.builder().executor(executor)));
        assertThat(Rig.get(cache.getAsync("a", key -> "1"))).isEqualTo("1");
        assertThat(Rig.get(cache.refreshAsync("a", key -> "2"))).isEqualTo("2");
        assertThat(Rig.get(cache.getAllAsync(List.of("b"), keys -> Map.of("b", "3"))))
                .containsEntry("b", "3");
        Rig.get(cache.putAsync("c", "4"));
        assertThat(cache.get("c")).isEqualTo("4");
        assertThat(cache.stats().counter("executor_full")).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aRefreshThatTheExecutorRefusesIsLeftToALaterReader() throws Exception {
        ManualExecutor executor = new ManualExecutor();
        G2Cache<String, String> cache = Rig.cache(rig.start(rig.builder().executor(executor)));
        Lifetime lifetime = Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(10));
        cache.put("a", "old", lifetime);
        rig.time.advance(Duration.ofSeconds(1));
        executor.capacity(0);
        CacheLoader<String, String> loader = key -> "v" + calls.incrementAndGet();
        assertThat(cache.get("a", lifetime, loader)).isEqualTo("old");
        assertThat(calls).hasValue(0);
        assertThat(cache.stats().counter("refresh_rejected")).isEqualTo(1);
        executor.capacity(10);
        assertThat(cache.get("a", lifetime, loader)).isEqualTo("old");
        executor.runAll();
        assertThat(cache.get("a", lifetime, loader)).isEqualTo("v1");
        assertThat(cache.stats().counter("refresh")).isEqualTo(1);
    }

    @Test
    void whatAnExecutorThrowsIsARefusal() throws Exception {
        for (Throwable thrown :
                List.of(new IllegalStateException("broken"), new OutOfMemoryError("unable to create native thread"))) {
            AtomicReference<Throwable> failure = new AtomicReference<>(thrown);
            ManualExecutor works = new ManualExecutor();
            Executor executor = task -> {
                Throwable now = failure.get();
                works.execute(task);
                if (now instanceof RuntimeException e) {
                    throw e;
                } else if (now instanceof Error e) {
                    throw e;
                }
            };
            G2Cache<String, String> cache = Rig.cache(rig.start(rig.builder().executor(executor)));
            Lifetime lifetime = Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(10));
            int before = calls.get();
            CacheLoader<String, String> loader = key -> "v" + calls.incrementAndGet();
            assertThat(Rig.get(cache.getAsync("a", lifetime, loader))).isEqualTo("v" + (before + 1));
            Rig.get(cache.putAsync("b", "2"));
            rig.time.advance(Duration.ofSeconds(1));
            assertThat(cache.get("a", lifetime, loader))
                    .as("a refresh is refused")
                    .isEqualTo("v" + (before + 1));
            works.runAll();
            assertThat(calls).as("nothing runs twice, or later").hasValue(before + 1);
            failure.set(null);
            assertThat(cache.get("a", lifetime, loader)).isEqualTo("v" + (before + 1));
            works.runAll();
            assertThat(cache.get("a", lifetime, loader))
                    .as("a later reader refreshes")
                    .isEqualTo("v" + (before + 2));
        }
    }

    /** As many reads as may be under way, which go on when they are let go. */
    private static List<CompletableFuture<String>> takeAllPlaces(G2Cache<String, String> cache, CountDownLatch go) {
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            waiting.add(cache.getAsync("slow", key -> {
                Rig.await(go);
                return "v";
            }));
        }
        return waiting;
    }

    @Test
    void tooManyAsynchronousCallsRunInTheirCallers() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withOut());
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<String>> waiting = takeAllPlaces(cache, go);
        assertThat(Rig.get(cache.getAsync("other", key -> "here"))).isEqualTo("here");
        assertThat(cache.stats().counter("executor_full")).isEqualTo(1);
        Rig.get(cache.putAsync("c", "4"));
        go.countDown();
        for (CompletableFuture<String> one : waiting) {
            assertThat(Rig.get(one)).isEqualTo("v");
        }
        assertThat(Rig.get(cache.getAsync("again", key -> "there"))).isEqualTo("there");
        assertThat(cache.stats().counter("executor_full")).isEqualTo(1);
    }

    /** As one read does that finds no place for its load. */
    @Test
    void aBulkReadThatFindsNoPlaceForItsLoadsServesWhatIsKept() throws Exception {
        Duration hard = Duration.ofSeconds(10);
        G2Cache<String, String> cache = rig.withOut()
                .cache(Rig.spec()
                        .lifetime(Lifetime.hard(hard))
                        .failSafeFor(hard)
                        .boundedLoads(true)
                        .loader(key -> "new")
                        .build());
        cache.put("kept", "old");
        rig.time.advance(hard);
        cache.put("held", "held");
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<String>> waiting = takeAllPlaces(cache, go);
        assertThat(cache.get("kept")).isEqualTo("old");
        assertThat(cache.getAll(List.of("kept", "held"))).isEqualTo(Map.of("kept", "old", "held", "held"));
        assertThatThrownBy(() -> cache.getAll(List.of("held", "unknown")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("too many loads are under way");
        go.countDown();
        for (CompletableFuture<String> one : waiting) {
            assertThat(Rig.get(one)).isEqualTo("v");
        }
    }

    @Test
    void loadersThatWaitForOtherKeysNeverWaitForAThread() throws Exception {
        G2Cache<String, String> cache =
                rig.withOut().cache(Rig.spec().maximumLoads(0).build());
        CountDownLatch all = new CountDownLatch(300);
        List<CompletableFuture<String>> outer = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String key = "outer" + i;
            outer.add(cache.getAsync(key, k -> {
                all.countDown();
                Rig.await(all);
                return Rig.get(cache.getAsync("inner-of-" + k, inner -> inner));
            }));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(Rig.get(outer.get(i))).isEqualTo("inner-of-outer" + i);
        }
    }

    @Test
    void whatUsersHangOnAFutureRunsOnThreadsOfItsOwnWhateverTheOutcome() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> read = cache.getAsync("b", key -> {
            Rig.await(go);
            throw new IllegalStateException("a test");
        });
        CompletableFuture<String> by = nameOfCompleter(read);
        go.countDown();
        assertThat(Rig.get(by)).startsWith("g2cache-completion");
    }

    /** Hung on before the future is complete, or the test's own thread would run it. */
    private static CompletableFuture<String> nameOfCompleter(CompletableFuture<?> future) {
        return future.handle((value, failure) -> Thread.currentThread().getName());
    }
}
