package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.NodeState;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.MemoryLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Local hits are served only while it is proven that the node has applied the log as it was not too long ago. */
class StalenessTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Rig rig = new Rig();
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    private G2Cache<String, String> open(G2Node node) {
        return node.cache(
                Rig.spec().loader(key -> "v" + loads.incrementAndGet()).build());
    }

    /** Events that the node does not get to see: what it holds may be stale from here on. A poll under way may take some. */
    private void unseenEvents(G2Node node) throws InterruptedException {
        rig.log.holdBackTail(Long.MAX_VALUE);
        SyncLog log = new MemoryLog(rig.broker)
                .open(new LogContext("default", "other", Duration.ofDays(7), LIMIT, 1 << 20, rig.time));
        Rig.until("behind", () -> {
            log.append(0, new Event.Invalidate("cities", Codecs.string().encode("b"), "other"))
                    .join();
            return node.status().lagEvents() > 1;
        });
    }

    private G2Node limited() {
        return rig.start(rig.builder().sync(rig.log).maxStaleness(LIMIT));
    }

    @Test
    void withholdsWhatItHoldsOnceTheLimitIsReachedAndServesItAgainAfterAProof() throws Exception {
        G2Node node = limited();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("v1");
        Rig.until("fresh", () -> node.status().lagMillis() == 0);
        unseenEvents(node);

        rig.time.advance(LIMIT.minusMillis(1));
        assertThat(cache.get("a")).isEqualTo("v1");
        rig.time.advance(Duration.ofMillis(1));
        assertThat(node.status().state()).isEqualTo(NodeState.STALE);
        assertThat(node.status().lagMillis()).isGreaterThanOrEqualTo(LIMIT.toMillis());
        assertThat(cache.get("a")).isEqualTo("v2");
        assertThat(cache.stats().counter("local_withheld")).isPositive();

        rig.log.holdBackTail(0);
        Rig.until("ready again", () -> node.status().state() == NodeState.READY);
        assertThat(cache.get("a")).isEqualTo("v2");
        assertThat(loads).hasValue(2);
    }

    @Test
    void anInvalidationThatArrivesWithTheProofIsObeyed() throws Exception {
        G2Node node = limited();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("b")).isEqualTo("v1");
        Rig.until("fresh", () -> node.status().lagMillis() == 0);
        unseenEvents(node);
        rig.time.advance(LIMIT);
        assertThat(node.status().state()).isEqualTo(NodeState.STALE);
        rig.log.holdBackTail(0);
        Rig.until("ready again", () -> node.status().state() == NodeState.READY);
        assertThat(cache.get("b")).isEqualTo("v2");
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepTheGateOpen() throws Exception {
        G2Node node = limited();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("v1");
        Rig.until("fresh", () -> node.status().lagMillis() == 0);
        unseenEvents(node);
        rig.time.wallMillis(rig.time.wallMillis() - Duration.ofHours(1).toMillis());
        rig.time.advance(LIMIT);
        Rig.until("stale", () -> node.status().state() == NodeState.STALE);
        assertThat(cache.get("a")).isEqualTo("v2");
    }

    /** As where a process stands still in a load: nobody may get from it what is older than a local hit could be. */
    @Test
    void aLoadThatBeganBeforeTheLimitIsNotJoined() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        G2Node node = limited();
        G2Cache<String, String> cache = node.cache(Rig.spec()
                .loadTimeout(LIMIT.multipliedBy(2))
                .loader(key -> {
                    String value = "v" + loads.incrementAndGet();
                    if (value.equals("v1")) {
                        started.countDown();
                        Rig.await(go);
                    }
                    return value;
                })
                .build());
        CompletableFuture<String> first = rig.start(() -> cache.get("a"));
        Rig.await(started);
        Rig.until("fresh", () -> node.status().lagMillis() == 0);
        unseenEvents(node);
        CompletableFuture<String> joined = cache.getAsync("a");
        rig.time.advance(LIMIT);
        assertThat(Rig.get(cache.getAsync("a"))).isEqualTo("v2");
        assertThat(Rig.get(rig.start(() -> cache.getAll(List.of("a"))))).isEqualTo(Map.of("a", "v3"));
        assertThat(joined).isNotDone();
        go.countDown();
        assertThat(Rig.get(joined)).isEqualTo("v1");
        assertThat(Rig.get(first)).isEqualTo("v1");
    }

    @Test
    void eachCacheMayHaveItsOwnLimit() throws Exception {
        G2Node node = limited();
        G2Cache<String, String> strict = open(node);
        G2Cache<String, Long> lax = node.cache(io.g2cache.CacheSpec.builder("lax", Codecs.string(), Codecs.int64())
                .maxStaleness(Duration.ofHours(2))
                .loader(key -> (long) loads.incrementAndGet())
                .build());
        assertThat(strict.get("a")).isEqualTo("v1");
        assertThat(lax.get("a")).isEqualTo(2);
        Rig.until("fresh", () -> node.status().lagMillis() == 0);
        unseenEvents(node);
        rig.time.advance(LIMIT.multipliedBy(2));
        assertThat(lax.get("a")).isEqualTo(2);
        assertThat(strict.get("a")).isEqualTo("v3");
        assertThat(node.status().state()).isEqualTo(NodeState.STALE);
    }

    @Test
    void nothingIsWithheldWithoutALog() {
        G2Node node = rig.start(rig.builder().maxStaleness(LIMIT));
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("v1");
        rig.time.advance(Duration.ofSeconds(60));
        assertThat(cache.get("a")).isEqualTo("v1");
        assertThat(node.status().state()).isEqualTo(NodeState.READY);
    }

    @Test
    void limitsBelowTwoSecondsAreRefused() {
        assertThatThrownBy(() -> rig.builder().maxStaleness(Duration.ofMillis(1999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxStaleness=PT1.999S")
                .hasMessageContaining("PT2S");
        assertThatThrownBy(() -> Rig.spec().serveWhileCatchingUp(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("serveWhileCatchingUp=PT0S");
    }
}
