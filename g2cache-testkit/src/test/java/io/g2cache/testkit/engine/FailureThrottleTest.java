package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.testkit.ManualAgents;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source that fails is not asked again for the same key for a short time. */
class FailureThrottleTest {
    private static final Duration THROTTLE = Duration.ofSeconds(1);
    private static final Duration HARD = Duration.ofSeconds(10);

    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();
    private final IOException origin = new IOException("down");
    private volatile boolean down = true;

    @AfterEach
    void close() {
        rig.close();
    }

    private String load(String key) throws IOException {
        int call = calls.incrementAndGet();
        if (down) {
            throw origin;
        }
        return key + call;
    }

    private CacheSpecBuilder<String, String> spec() {
        return Rig.spec()
                .lifetime(Lifetime.of(Duration.ofSeconds(5), HARD))
                .failureThrottle(THROTTLE)
                .loader(this::load);
    }

    @Test
    void aFailureIsRememberedForAShortTime() {
        G2Cache<String, String> cache = rig.withAll().cache(spec().build());
        Throwable first = catchThrowable(() -> cache.get("a"));
        Throwable second = catchThrowable(() -> cache.get("a"));
        Throwable third = catchThrowable(() -> cache.getAsync("a").join()).getCause();
        assertThat(calls).hasValue(1);
        assertThat(List.of(first, second, third))
                .doesNotHaveDuplicates()
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(LoadException.class)
                        .cause()
                        .isSameAs(origin));
        assertThat(second).hasMessageContaining("failureThrottle=PT1S");
        assertThat(cache.stats().counter("load_throttled")).isEqualTo(2);
        assertThatThrownBy(() -> cache.get("b")).isInstanceOf(LoadException.class);
        assertThat(calls).hasValue(2);
        rig.time.advance(THROTTLE);
        down = false;
        assertThat(cache.get("a")).isEqualTo("a3");
    }

    @Test
    void writesForgetTheFailure() {
        G2Cache<String, String> cache = rig.withAll().cache(spec().build());
        List<Runnable> writes =
                List.of(() -> cache.invalidate("a"), cache::clear, () -> cache.invalidateTag("red"), () -> {});
        for (Runnable write : writes) {
            assertThat(catchThrowable(() -> cache.get("a"))).isInstanceOf(LoadException.class);
            write.run();
        }
        assertThat(calls).hasValue(4);
        cache.put("a", "put");
        assertThat(cache.get("a")).isEqualTo("put");
        cache.invalidate("a");
        down = false;
        assertThat(cache.get("a")).isEqualTo("a5");
    }

    @Test
    void anInvalidationWhileTheLoadIsUnderWayLetsTheNextReaderTry() {
        G2Cache<String, String> cache = rig.withAll().cache(spec().build());
        assertThatThrownBy(() -> cache.get("a", key -> {
                    cache.invalidate("a");
                    throw origin;
                }))
                .isInstanceOf(LoadException.class);
        down = false;
        assertThat(cache.get("a")).isEqualTo("a1");
    }

    @Test
    void meanwhileWhatIsKeptIsServed() {
        G2Cache<String, String> cache =
                rig.withOut().cache(spec().failSafeFor(HARD).build());
        down = false;
        assertThat(cache.get("a")).isEqualTo("a1");
        rig.time.advance(HARD);
        down = true;
        for (int i = 0; i < 5; i++) {
            assertThat(cache.get("a")).isEqualTo("a1");
        }
        assertThat(calls).hasValue(2);
        assertThat(cache.stats().counter("fail_safe_hit")).isEqualTo(5);
    }

    @Test
    void anObsoleteEntryIsNotRefreshedMeanwhile() throws Exception {
        G2Cache<String, String> cache = rig.alone().cache(spec().build());
        down = false;
        assertThat(cache.get("a")).isEqualTo("a1");
        rig.time.advance(Duration.ofSeconds(5));
        down = true;
        assertThat(cache.get("a")).isEqualTo("a1");
        Rig.until("failed", () -> cache.stats().loadFailures() == 1);
        Rig.until("remembered", () -> {
            long before = cache.stats().counter("refresh");
            cache.get("a");
            return cache.stats().counter("refresh") == before;
        });
        long refreshes = cache.stats().counter("refresh");
        for (int i = 0; i < 10; i++) {
            assertThat(cache.get("a")).isEqualTo("a1");
        }
        assertThat(cache.stats().counter("refresh")).isEqualTo(refreshes);
    }

    @Test
    void anExplicitRefreshAlwaysTries() {
        G2Cache<String, String> cache = rig.alone().cache(spec().build());
        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(LoadException.class);
        assertThatThrownBy(() -> cache.refresh("a")).isInstanceOf(LoadException.class);
        assertThatThrownBy(() -> cache.get("a")).hasMessageContaining("failureThrottle=PT1S");
        assertThat(calls).hasValue(2);
        down = false;
        assertThat(cache.refresh("a")).isEqualTo("a3");
        assertThat(cache.get("a")).isEqualTo("a3");
    }

    @Test
    void aBulkReadRemembersTheKeyThatHasFailedAndNotItsNeighbours() {
        G2Cache<String, String> cache = rig.alone()
                .cache(spec().loader(key -> {
                            calls.incrementAndGet();
                            if (key.equals("bad")) {
                                throw origin;
                            }
                            return "of " + key;
                        })
                        .build());
        assertThatThrownBy(() -> cache.getAll(List.of("before", "bad", "after")))
                .isInstanceOf(LoadException.class)
                .cause()
                .isSameAs(origin);
        assertThat(cache.get("before")).isEqualTo("of before");
        assertThat(cache.get("after")).isEqualTo("of after");
        assertThatThrownBy(() -> cache.get("bad")).hasMessageContaining("failureThrottle=PT1S");
    }

    @Test
    void aBulkLoaderThatFailsIsRememberedForAllItsKeys() {
        G2Cache<String, String> cache = rig.alone().cache(spec().build());
        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"), keys -> {
                    throw origin;
                }))
                .isInstanceOf(LoadException.class);
        for (String key : List.of("a", "b")) {
            assertThatThrownBy(() -> cache.get(key)).hasMessageContaining("failureThrottle=PT1S");
        }
    }

    @Test
    void anInterruptOfOneCallerThrottlesNobody() throws Exception {
        G2Cache<String, String> cache = rig.alone().cache(spec().build());
        down = false;
        assertThat(Rig.failure(rig.start(() -> cache.get("a", key -> {
                    throw new InterruptedException("a test");
                }))))
                .isInstanceOf(LoadException.class);
        assertThat(Rig.failure(rig.start(() -> cache.get("a", key -> {
                    Thread.currentThread().interrupt();
                    throw new IOException("closed by the interrupt");
                }))))
                .isInstanceOf(LoadException.class);
        assertThat(Rig.failure(rig.start(() -> cache.getAll(List.of("a"), keys -> {
                    throw new InterruptedException("a test");
                }))))
                .isInstanceOf(LoadException.class);
        assertThat(cache.get("a")).isEqualTo("a1");
    }

    @Test
    void aLoadThatHasRunOutOfTimeBeforeItsLoaderRanIsNotRemembered() throws Exception {
        ManualAgents agents = new ManualAgents();
        Duration loadTimeout = Duration.ofSeconds(30);
        G2Cache<String, String> cache = rig.start(rig.builder().agentScheduler(agents))
                .cache(spec().maximumLoads(1)
                        .loadTimeout(loadTimeout)
                        .failureThrottle(Duration.ofHours(1))
                        .build());
        down = false;
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> hanging = cache.getAsync("hangs", key -> {
            inside.countDown();
            Rig.await(go);
            return "late";
        });
        Rig.await(inside);
        CompletableFuture<String> queueing = cache.getAsync("queues", key -> "never");
        rig.time.advance(loadTimeout.plusMillis(1));
        agents.cycle("housekeeper");
        assertThat(Rig.failure(queueing)).isInstanceOf(LoadException.class);
        assertThat(Rig.failure(hanging)).isInstanceOf(LoadException.class);
        assertThatThrownBy(() -> cache.get("hangs")).hasMessageContaining("failureThrottle=PT1H");
        go.countDown();
        assertThat(cache.get("queues")).isEqualTo("queues1");
    }

    @Test
    void bulkReadsLeaveOutWhatHasFailed() {
        G2Cache<String, String> cache =
                rig.withOut().cache(spec().failSafeFor(HARD).build());
        cache.put("a", "old");
        rig.time.advance(HARD);
        assertThat(cache.get("a")).isEqualTo("old");
        assertThat(calls).hasValue(1);
        Map<String, String> found = cache.getAll(List.of("a", "b"), keys -> {
            Map<String, String> loaded = new LinkedHashMap<>();
            keys.forEach(key -> loaded.put(key, "bulk"));
            return loaded;
        });
        assertThat(found).isEqualTo(Map.of("a", "old", "b", "bulk"));
    }
}
