package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.OutCache;
import io.g2cache.spi.OutCacheProvider;
import io.g2cache.spi.OutContext;
import io.g2cache.spi.OutDoubts;
import io.g2cache.spi.OutLedger;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.testkit.MemoryOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a node starts, fails to start, and ends. */
class LifecycleTest {
    private final Rig rig = new Rig();
    private final Set<Thread> before = ours();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Set<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("g2cache-"))
                .collect(Collectors.toSet());
    }

    private void noThreadIsLeft() throws Exception {
        Rig.until("no thread is left", () -> before.containsAll(ours()));
    }

    /** Tells whether it was closed. */
    private static final class WatchedOut implements OutCacheProvider {
        private final MemoryOut provider = new MemoryOut(new MemoryOut.Store());
        volatile boolean isClosed;

        @Override
        public String name() {
            return provider.name();
        }

        @Override
        public OutCache open(OutContext context) {
            return provider.open(context);
        }

        @Override
        public OutLedger ledger(OutContext context, OutDoubts doubts) {
            return provider.ledger(context, doubts);
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private void startFails(G2NodeBuilder builder, StuckLog log, Class<? extends Exception> type, String message)
            throws Exception {
        HookedLocal local = new HookedLocal();
        WatchedOut out = new WatchedOut();
        builder.local(local).out(out).sync(log);
        assertThatThrownBy(builder::build).isInstanceOf(type).hasMessageContaining(message);
        noThreadIsLeft();
        assertThat(log.isClosed).isTrue();
        assertThat(out.isClosed).isTrue();
        assertThat(local.closed).isTrue();
    }

    @Test
    void aStartThatFailsHalfWayClosesEverything() throws Exception {
        StuckLog log = new StuckLog(rig.log);
        log.failsToMaterialise = true;
        startFails(rig.builder(), log, IllegalStateException.class, "no materialiser");
        StuckLog other = new StuckLog(rig.log);
        other.failsToTail = true;
        startFails(rig.builder(), other, IllegalStateException.class, "no tail");
    }

    @Test
    void aStartThatCannotOpenTheLogClosesTheTiers() throws Exception {
        HookedLocal local = new HookedLocal();
        WatchedOut out = new WatchedOut();
        SyncLogProvider refusing = new SyncLogProvider() {
            @Override
            public String name() {
                return "refusing";
            }

            @Override
            public SyncLog open(LogContext context) {
                throw new SyncLogException(SyncLogException.Outcome.FAILED, "no log");
            }
        };
        G2NodeBuilder builder = rig.builder().local(local).out(out).sync(refusing);
        assertThatThrownBy(builder::build).isInstanceOf(SyncLogException.class).hasMessage("no log");
        assertThat(out.isClosed).isTrue();
        assertThat(local.closed).isTrue();
        noThreadIsLeft();
    }

    @Test
    void aLogThatDoesNotDeliverItsOwnProbeFailsTheStart() throws Exception {
        StuckLog log = new StuckLog(rig.log);
        log.isDeaf = true;
        startFails(
                rig.builder().startTimeout(Duration.ofMillis(200)), log, SyncLogException.class, "probe at offset=0");
    }

    @Test
    void aLogThatDoesNotTakeTheProbeFailsTheStart() throws Exception {
        StuckLog log = new StuckLog(rig.log);
        log.isStuck = true;
        startFails(rig.builder().startTimeout(Duration.ofMillis(200)), log, SyncLogException.class, "probe");
    }

    @Test
    void aClosedNodeRefusesEverything() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.put("a", "1");
        assertThat(node.status().state()).isEqualTo(NodeState.READY);
        node.close();
        node.close(Duration.ZERO);
        assertThat(node.status().state()).isEqualTo(NodeState.CLOSED);
        assertThatThrownBy(() -> cache.get("a"))
                .isInstanceOf(NodeClosedException.class)
                .hasMessageContaining(node.id());
        assertThatThrownBy(() -> cache.put("a", "1")).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> cache.getAll(List.of("a"))).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> cache.refresh("a", key -> "x")).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> cache.clear()).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> Rig.cache(node)).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> node.awaitToken(WriteToken.of("g", java.util.Map.of()), Duration.ZERO))
                .isInstanceOf(NodeClosedException.class);
        assertThat(Rig.failure(cache.getAsync("a"))).isInstanceOf(NodeClosedException.class);
        assertThat(Rig.failure(cache.putAsync("a", "1"))).isInstanceOf(NodeClosedException.class);
        assertThat(Rig.failure(cache.clearAsync())).isInstanceOf(NodeClosedException.class);
        noThreadIsLeft();
    }

    @Test
    void whoWaitsForALoadThatHangsIsToldWhenTheNodeEnds() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> hangs = cache.getAsync("a", key -> {
            started.countDown();
            while (go.getCount() > 0) {
                try {
                    Rig.await(go);
                } catch (RuntimeException | Error e) {
                    continue;
                }
            }
            return "late";
        });
        Rig.await(started);
        node.close(Duration.ofMillis(20));
        assertThat(Rig.failure(hangs)).isInstanceOf(NodeClosedException.class);
        go.countDown();
        noThreadIsLeft();
    }

    @Test
    void aCallerInsideALoadIsNotHarmedByTheEndOfTheNode() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> inside = rig.start(() -> cache.get("a", key -> {
            started.countDown();
            Rig.await(go);
            return "v";
        }));
        Rig.await(started);
        node.close(Duration.ofMillis(20));
        go.countDown();
        assertThat(Rig.get(inside)).isEqualTo("v");
        noThreadIsLeft();
    }

    @Test
    void closingWaitsForWritesThatWereAccepted() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        List<CompletableFuture<WriteToken>> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            writes.add(cache.putAsync("k" + i, "v" + i));
        }
        node.close(Duration.ofSeconds(20));
        for (CompletableFuture<WriteToken> write : writes) {
            assertThat(write).isCompleted();
        }
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        for (int i = 0; i < 500; i++) {
            assertThat(peer.get("k" + i)).isEqualTo("v" + i);
        }
    }

    @Test
    void aTimeoutThatIsTooLongForTheClockStillCloses() throws Exception {
        G2Node node = rig.alone();
        Rig.cache(node).get("a", key -> "v");
        node.close(Duration.ofSeconds(Long.MAX_VALUE));
        noThreadIsLeft();
    }

    @Test
    void twoHundredNodesComeAndGoWithoutATrace() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (G2Node node = i % 10 == 0
                    ? rig.builder().out(rig.out).sync(rig.log).build()
                    : rig.builder().build()) {
                G2Cache<String, String> cache = Rig.cache(node);
                assertThat(Rig.get(cache.getAsync("a", key -> "v"))).isEqualTo("v");
            }
        }
        noThreadIsLeft();
    }

    @Test
    void theSameSpecificationOpensTheSameCacheAndAnotherOneIsRefused() {
        G2Node node = rig.alone();
        CacheSpec<String, String> spec = Rig.spec().build();
        assertThat(node.cache(spec)).isSameAs(node.cache(spec));
        assertThatThrownBy(() -> node.cache(Rig.spec().build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cities");
        assertThat(node.cache(CacheSpec.builder("other", Codecs.string(), Codecs.string())
                        .build()))
                .isNotSameAs(node.cache(spec));
        assertThat(node.caches()).hasSize(2);
    }
}
