package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheClosedException;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.LoadException;
import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.WriteToken;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.MemoryLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cache is closed, and opened again, while its node goes on. */
class CloseCacheTest {
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private final Rig rig = new Rig();
    private final AtomicInteger loads = new AtomicInteger();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        rig.close();
    }

    private String load(String key) {
        return key + loads.incrementAndGet();
    }

    /** Gives nothing until it is let go. */
    private static final class SlowSource {
        final CountDownLatch started;
        final CountDownLatch go = new CountDownLatch(1);

        SlowSource(int calls) {
            started = new CountDownLatch(calls);
        }

        String load(String key) throws InterruptedException {
            started.countDown();
            Rig.await(go);
            return "late";
        }
    }

    private void nothingIsLeftOf(String cache) throws Exception {
        Rig.until("no thread of it is left", () -> Rig.threads(cache).isEmpty());
    }

    @Test
    void aClosedCacheRefusesEverythingAndItsNodeGoesOn() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        G2Cache<String, String> other = node.cache(Rig.named("other").build());
        cache.put("a", "1");
        assertThat(cache.isClosed()).isFalse();
        cache.close();
        cache.close(Duration.ZERO);
        assertThat(cache.isClosed()).isTrue();
        assertThat(cache.name()).isEqualTo("cities");
        assertThat(cache.stats().counter("put")).isEqualTo(1);
        assertThat(cache.estimatedSize()).isZero();
        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(CacheClosedException.class)
                .hasMessageContaining("cache=cities");
        assertThatThrownBy(() -> cache.getAll(List.of("a"))).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.refresh("a", this::load)).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.put("a", "1")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.putAll(Map.of("a", "1"))).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.invalidate("a")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(cache::clear).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> cache.invalidateTag("t")).isInstanceOf(CacheClosedException.class);
        assertThat(Rig.failure(cache.getAsync("a"))).isInstanceOf(CacheClosedException.class);
        assertThat(Rig.failure(cache.getAllAsync(List.of("a"), keys -> Map.of())))
                .isInstanceOf(CacheClosedException.class);
        assertThat(Rig.failure(cache.refreshAsync("a", this::load))).isInstanceOf(CacheClosedException.class);
        assertThat(Rig.failure(cache.putAsync("a", "1"))).isInstanceOf(CacheClosedException.class);
        assertThat(Rig.failure(cache.invalidateAsync("a"))).isInstanceOf(CacheClosedException.class);
        assertThat(Rig.failure(cache.clearAsync())).isInstanceOf(CacheClosedException.class);
        other.put("b", "2");
        assertThat(other.get("b")).isEqualTo("2");
        assertThat(node.status().state()).isEqualTo(NodeState.READY);
        assertThat(node.caches()).hasSize(1);
        assertThat(node.audit().caches()).containsExactly("other");
        nothingIsLeftOf("cities");
        node.close();
        assertThatThrownBy(() -> other.get("b")).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheClosedException.class);
    }

    @Test
    void theNameCanBeOpenedAgainWithTheSameOrAnotherSpecification() {
        G2Node node = rig.alone();
        CacheSpec<String, String> spec = Rig.spec().loader(this::load).build();
        G2Cache<String, String> first = node.cache(spec);
        assertThat(first.get("a")).isEqualTo("a1");
        first.close();
        G2Cache<String, String> second = node.cache(spec);
        assertThat(second).isNotSameAs(first).isSameAs(node.cache(spec));
        assertThat(second.stats().loads()).isZero();
        assertThat(second.get("a")).isEqualTo("a2");
        second.close();
        assertThat(Rig.cache(node).get("a")).isNull();
        assertThatThrownBy(() -> first.get("a")).isInstanceOf(CacheClosedException.class);
        assertThatThrownBy(() -> second.get("a")).isInstanceOf(CacheClosedException.class);
    }

    @Test
    void whatTheOutTierHoldsIsThereAtTheNextOpening() {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("a", "1");
        cache.close();
        assertThat(Rig.cache(node).get("a")).isEqualTo("1");
    }

    /** The peer has no out tier, so that only the log tells of the clear, until this node's materialiser has come to it. */
    @Test
    void aClearWhileTheCacheIsClosedIsKnownAtTheNextOpening() {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("a", "old");
        cache.close();
        WriteToken token = rig.start(rig.builder().sync(new MemoryLog(rig.broker)))
                .cache(Rig.spec().build())
                .clear();
        node.awaitToken(token, Rig.DEADLINE);
        G2Cache<String, String> again = Rig.cache(node);
        assertThat(again.get("a")).isNull();
        assertThat(again.get("a", this::load)).isEqualTo("a1");
    }

    @Test
    void anInvalidatedTagWhileTheCacheIsClosedIsKnownAtTheNextOpening() {
        G2Node node = rig.withAll();
        CacheSpec<String, String> spec =
                Rig.spec().tags((key, value) -> List.of("t")).build();
        G2Cache<String, String> cache = node.cache(spec);
        cache.put("a", "old");
        cache.close();
        WriteToken token = rig.start(rig.builder().sync(new MemoryLog(rig.broker)))
                .cache(Rig.spec().build())
                .invalidateTag("t");
        node.awaitToken(token, Rig.DEADLINE);
        assertThat(node.cache(spec).get("a")).isNull();
    }

    @Test
    void aLoadUnderWayFillsNothingAfterwards() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        SlowSource source = new SlowSource(2);
        CompletableFuture<String> inside = rig.start(() -> cache.get("a", source::load));
        CompletableFuture<String> waits = cache.getAsync("b", source::load);
        Rig.await(source.started);
        cache.close(AT_ONCE);
        assertThat(Rig.failure(waits)).isInstanceOf(CacheClosedException.class);
        G2Cache<String, String> again = Rig.cache(node);
        source.go.countDown();
        assertThat(Rig.get(inside)).isEqualTo("late");
        assertThat(again.get("a")).isNull();
        assertThat(Rig.cache(rig.peer()).get("a")).isNull();
    }

    @Test
    void closingWaitsForCallsUnderWay() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        List<CompletableFuture<WriteToken>> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            writes.add(cache.putAsync("k" + i, "v" + i));
        }
        cache.close(Rig.DEADLINE);
        for (CompletableFuture<WriteToken> write : writes) {
            assertThat(Rig.get(write).isQueued()).isFalse();
        }
        G2Cache<String, String> again = Rig.cache(node);
        for (int i = 0; i < 500; i++) {
            assertThat(again.get("k" + i)).isEqualTo("v" + i);
        }
    }

    @Test
    void whoOpensTheNameWhileItClosesWaitsForItsEnd() throws Exception {
        G2Node node = rig.alone();
        G2Cache<String, String> cache = Rig.cache(node);
        SlowSource source = new SlowSource(1);
        CompletableFuture<String> inside = rig.start(() -> cache.get("a", source::load));
        Rig.await(source.started);
        CompletableFuture<Boolean> closing = rig.start(() -> {
            cache.close(Rig.DEADLINE);
            return true;
        });
        Rig.until("it closes", cache::isClosed);
        CompletableFuture<G2Cache<String, String>> again = rig.start(() -> Rig.cache(node));
        assertThatThrownBy(() -> cache.get("b")).isInstanceOf(CacheClosedException.class);
        assertThat(closing).isNotDone();
        assertThat(again).isNotDone();
        source.go.countDown();
        assertThat(Rig.get(inside)).isEqualTo("late");
        assertThat(Rig.get(closing)).isTrue();
        assertThat(Rig.get(again).get("a")).isNull();
    }

    @Test
    void aLoaderMayCloseItsOwnCacheAndOpenItAgain() throws Exception {
        G2Node node = rig.alone();
        G2Cache<String, String> cache = Rig.cache(node);
        CompletableFuture<String> inside = rig.start(() -> cache.get("a", key -> {
            cache.close(Duration.ofDays(1));
            return Rig.cache(node).get("a", this::load);
        }));
        assertThat(Rig.get(inside)).isEqualTo("a1");
        assertThat(node.caches()).hasSize(1).first().isNotSameAs(cache);
    }

    @Test
    void aReadThatWaitsForATokenIsToldThatTheCacheWasClosed() throws Exception {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = Rig.cache(node);
        WriteToken token = cache.put("a", "1");
        cache.close();
        assertThatThrownBy(() -> cache.get("a", token, Rig.DEADLINE)).isInstanceOf(CacheClosedException.class);
        assertThat(Rig.cache(node).get("a", token, Rig.DEADLINE)).isNull();
    }

    @Test
    void queuedWritesOfAClosedCacheAreStillSent() throws Exception {
        G2Node node = rig.start(
                rig.builder().out(rig.out).sync(rig.log).writeQueue(WriteQueue.in(directory.resolve("queue"))));
        CacheSpec<String, String> spec =
                Rig.spec().whenLogIsAway(WhenLogIsAway.QUEUE).build();
        G2Cache<String, String> cache = node.cache(spec);
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        cache.put("a", "old");
        cache.put("b", "old");
        assertThat(peer.get("a")).isEqualTo("old");
        rig.logFaults.rate(LogFault.APPEND_FAILED, 1);
        assertThat(cache.invalidate("a").isQueued()).isTrue();
        assertThat(cache.clear().isQueued()).isTrue();
        cache.close();
        G2Cache<String, String> again = node.cache(spec);
        assertThat(again.get("a")).isNull();
        assertThat(again.get("b")).isNull();
        again.close();
        rig.logFaults.heal();
        Rig.until("the queue is sent", () -> {
            rig.time.advance(Duration.ofSeconds(1));
            return node.writeQueue().waiting() == 0;
        });
        G2Cache<String, String> last = node.cache(spec);
        assertThat(last.get("b")).isNull();
        assertThat(last.get("b", this::load)).isEqualTo("b1");
        assertThat(last.get("b", this::load)).isEqualTo("b1");
        Rig.until("the peer hears of it", () -> !"old".equals(peer.get("a")));
    }

    @Test
    void manyThreadsOpenAndCloseTheSameName() throws Exception {
        G2Node node = rig.withAll();
        CacheSpec<String, String> spec = Rig.spec().loader(key -> "v").build();
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            all.add(rig.start(() -> {
                int served = 0;
                for (int i = 0; i < 200; i++) {
                    try (G2Cache<String, String> cache = node.cache(spec)) {
                        served += "v".equals(cache.get("k" + i)) ? 1 : 0;
                    } catch (CacheClosedException e) {
                        assertThat(e).hasMessageContaining("cities");
                    } catch (LoadException e) {
                        throw new AssertionError(e);
                    }
                }
                return served;
            }));
        }
        for (CompletableFuture<Integer> one : all) {
            assertThat(Rig.get(one)).isPositive();
        }
        assertThat(node.caches()).isEmpty();
        assertThat(node.cache(spec).get("a")).isEqualTo("v");
        nothingIsLeftOf("g2cache-close-");
    }

    @Test
    void aCacheThatWasClosedDoesNotComeBackInAnotherGeneration() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> other = node.cache(Rig.named("other").build());
        for (int i = 0; i < 3; i++) {
            G2Cache<String, String> cache = Rig.cache(node);
            cache.put("a", "old");
            rig.broker.recreate("default");
            cache.close();
            int moves = i + 1;
            Rig.until(
                    "in a new generation",
                    () -> other.stats().counter("new_generation") == moves
                            && node.status().state() == NodeState.READY);
            assertThat(node.caches()).hasSize(1);
            assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheClosedException.class);
            G2Cache<String, String> again = Rig.cache(node);
            assertThat(again.get("a")).isNull();
            again.close();
        }
    }
}
