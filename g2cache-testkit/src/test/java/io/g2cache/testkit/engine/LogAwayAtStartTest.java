package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.LoadException;
import io.g2cache.NodeClosedException;
import io.g2cache.NodeState;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.TierException;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.WriteToken;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.testkit.MemoryLocal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is started while its log is away: what it does until the log is there, and afterwards. */
class LogAwayAtStartTest {
    private static final CacheSpec<String, String> SPEC = Rig.spec().build();
    private static final CacheSpec<String, String> QUEUEING =
            Rig.spec().whenLogIsAway(WhenLogIsAway.QUEUE).build();

    private final Rig rig = new Rig();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private final Doors log = new Doors();
    private final HookedLocal local = new HookedLocal(new MemoryLocal(new MemoryLocal.Disk()));

    @AfterEach
    void close() {
        go.countDown();
        rig.close();
    }

    /** The rig's log, once it lets anybody in. */
    private final class Doors implements SyncLogProvider {
        volatile @Nullable SyncLogException refusal = new SyncLogException(Outcome.FAILED, "nobody there");
        final AtomicInteger tries = new AtomicInteger();
        final StuckLog inner = new StuckLog(rig.log);

        @Override
        public String name() {
            return "doors";
        }

        @Override
        public SyncLog open(LogContext context) {
            tries.incrementAndGet();
            SyncLogException closed = refusal;
            if (closed != null) {
                throw closed;
            }
            return inner.open(context);
        }
    }

    private G2NodeBuilder away() {
        return rig.builder().out(rig.out).sync(log).requireLogAtStart(false);
    }

    private CacheLoader<String, String> counted() {
        return key -> "v" + loads.incrementAndGet();
    }

    private void comes(G2Node node) throws Exception {
        log.refusal = null;
        Rig.until("the node is ready", () -> node.status().state() == NodeState.READY);
    }

    @Test
    void readsGoToTheLoaderAndWritesFailUntilTheLogIsThere() throws Exception {
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        WriteToken early = peer.put("a", "put");
        G2Node node = rig.start(away());
        G2Cache<String, String> cache = node.cache(SPEC);
        assertThat(node.status().state()).isEqualTo(NodeState.STALE);
        assertThat(cache.get("a", counted())).isEqualTo("v1");
        assertThat(cache.get("a", counted())).isEqualTo("v2");
        assertThat(Rig.get(cache.getAsync("a", counted()))).isEqualTo("v3");
        assertThat(cache.getAll(List.of("a"), keys -> Map.of("a", "bulk"))).containsEntry("a", "bulk");
        for (Runnable write : List.<Runnable>of(
                () -> cache.put("a", "x"), () -> cache.invalidate("a"), cache::clear, () -> cache.invalidateTag("t"))) {
            assertThatThrownBy(write::run)
                    .isInstanceOfSatisfying(
                            SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED))
                    .hasStackTraceContaining("has not reached its log");
        }
        assertThatThrownBy(() -> node.awaitToken(early, Duration.ofMillis(1)))
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("has not reached its log");
        assertThat(cache.stats().outHits()).isZero();
        Rig.until("it tries again and again", () -> log.tries.get() >= 3);
        assertThat(node.status().state()).isEqualTo(NodeState.STALE);
        comes(node);
        Rig.until("the out tier is read", () -> "put".equals(cache.get("a", early, Rig.DEADLINE)));
        WriteToken token = cache.put("b", "mine");
        assertThat(cache.get("b")).isEqualTo("mine");
        assertThat(peer.get("b", token, Rig.DEADLINE)).isEqualTo("mine");
        assertThat(cache.stats().counter("new_generation")).isZero();
    }

    @Test
    void whatTheLocalTierHasKeptIsServedOnceItIsUpToDate() throws Exception {
        MemoryLocal.Disk disk = new MemoryLocal.Disk();
        G2Node before = rig.start(rig.builder().local(new MemoryLocal(disk)).sync(rig.log));
        G2Cache<String, String> warm = before.cache(SPEC);
        warm.get("a", counted());
        warm.get("b", counted());
        before.close(Rig.DEADLINE);
        Rig.cache(rig.peer()).invalidate("b");
        G2Node node =
                rig.start(rig.builder().local(new MemoryLocal(disk)).sync(log).requireLogAtStart(false));
        G2Cache<String, String> cache = node.cache(SPEC);
        assertThat(cache.get("a", counted())).isEqualTo("v3");
        assertThat(cache.get("b", counted())).isEqualTo("v4");
        comes(node);
        Rig.until("the kept tier is served", () -> "v1".equals(cache.get("a")));
        assertThat(cache.get("b")).isNull();
    }

    @Test
    void writesQueueWhereThatWasChosenAndAreSentOnceTheLogIsThere(@TempDir Path directory) throws Exception {
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        peer.put("a", "old");
        peer.put("b", "old");
        G2Node node = rig.start(away().writeQueue(WriteQueue.in(directory)));
        G2Cache<String, String> cache = node.cache(QUEUEING);
        assertThat(cache.invalidate("a").isQueued()).isTrue();
        assertThat(cache.put("b", "new").isQueued()).isTrue();
        assertThat(node.writeQueue().waiting()).isEqualTo(2);
        assertThat(peer.get("a")).isEqualTo("old");
        comes(node);
        Rig.until("both were sent", () -> node.writeQueue().waiting() == 0);
        Rig.until("the peer has heard", () -> peer.get("a") == null && peer.get("b") == null);
        assertThat(cache.put("b", "newest").isQueued()).isFalse();
    }

    /** Of a new key: one that waits already needs no room. */
    private boolean isQueued(G2Cache<String, String> cache) {
        try {
            return cache.put("key" + loads.incrementAndGet(), "new").isQueued();
        } catch (SyncLogException e) {
            return false;
        }
    }

    /** The log lets the node in, but an attempt fails after it has taken over the queue. */
    private void assertQueuesAgain(G2Node node, G2Cache<String, String> cache, Runnable mend) throws Exception {
        assertThat(isQueued(cache)).isTrue();
        log.refusal = null;
        Rig.until("an attempt has failed late", () -> log.inner.isClosed);
        log.refusal = new SyncLogException(Outcome.FAILED, "gone again");
        Rig.until("writes are queued again", () -> isQueued(cache));
        assertThat(node.status().state()).isEqualTo(NodeState.STALE);
        assertThat(cache.get("b", key -> "read")).isEqualTo("read");
        mend.run();
        comes(node);
        Rig.until("all was sent", () -> node.writeQueue().waiting() == 0);
        assertThat(cache.put("b", "newest").isQueued()).isFalse();
    }

    @Test
    void writesQueueAgainAfterAnAttemptWhoseTailCannotBeOpened(@TempDir Path directory) throws Exception {
        log.inner.failsToTail = true;
        G2Node node = rig.start(away().writeQueue(WriteQueue.in(directory)));
        assertQueuesAgain(node, node.cache(QUEUEING), () -> log.inner.failsToTail = false);
    }

    @Test
    void writesQueueAgainAfterAnAttemptWhoseTierCannotBeOpened(@TempDir Path directory) throws Exception {
        G2Node node = rig.start(away().writeQueue(WriteQueue.in(directory)).local(local));
        local.beforeOpen = () -> {
            throw new TierException("a test");
        };
        assertQueuesAgain(node, node.cache(QUEUEING), () -> local.beforeOpen = HookedLocal.NOTHING);
    }

    @Test
    void aWriteWhileTheNodeMovesToTheLogIsSentToo(@TempDir Path directory) throws Exception {
        CountDownLatch moving = new CountDownLatch(1);
        local.beforeOpen = () -> {
            moving.countDown();
            awaitQuietly(go);
        };
        G2Node node = rig.start(away().writeQueue(WriteQueue.in(directory)).local(local));
        G2Cache<String, String> cache = node.cache(QUEUEING);
        assertThat(cache.invalidate("a").isQueued()).isTrue();
        log.refusal = null;
        Rig.await(moving);
        try (Others others = new Others(rig)) {
            Rig.until("the first was sent", () -> others.namesOfLog().size() == 1);
            int sent = others.eventsOf("a");
            assertThat(cache.invalidate("a").isQueued()).isTrue();
            go.countDown();
            Rig.until("the second was sent", () -> others.eventsOf("a") == sent + 1);
        }
        Rig.until("the node is ready", () -> node.status().state() == NodeState.READY);
        Rig.until("the node knows that all was sent", () -> node.writeQueue().waiting() == 0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            Rig.await(latch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A read whose load hangs in the life before the log, which has ended. */
    private CompletableFuture<String> leftBehind(G2Node node, G2Cache<String, String> cache) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> read = cache.getAsync("a", key -> {
            started.countDown();
            Rig.await(go);
            return "late";
        });
        Rig.await(started);
        comes(node);
        Rig.until(
                "the life before the log has ended",
                () -> Rig.threads("g2cache-generation-" + node.id()).isEmpty());
        assertThat(read).isNotDone();
        return read;
    }

    @Test
    void aLoadThatGoesOnBehindTheMoveToTheLogKeepsItsDeadline() throws Exception {
        G2Node node = rig.start(away());
        Duration limit = Duration.ofSeconds(5);
        CompletableFuture<String> read =
                leftBehind(node, node.cache(Rig.spec().loadTimeout(limit).build()));
        Rig.until("given up", () -> {
            rig.time.advance(limit);
            return read.isDone();
        });
        assertThat(Rig.failure(read)).isInstanceOf(LoadException.class).hasMessageContaining("loadTimeout");
    }

    @Test
    void aLoadThatGoesOnBehindTheMoveToTheLogEndsWithTheNode() throws Exception {
        G2Node node = rig.start(away());
        CompletableFuture<String> read = leftBehind(node, node.cache(SPEC));
        node.close(Duration.ofMillis(10));
        assertThat(Rig.failure(read)).isInstanceOf(NodeClosedException.class);
    }

    @Test
    void aLogThatRefusesFailsTheStartAllTheSame() {
        log.refusal = SyncLogException.refused("a topic that keeps too little");
        assertThatThrownBy(() -> away().build())
                .isInstanceOf(SyncLogException.class)
                .hasMessage("a topic that keeps too little");
    }

    @Test
    void aNodeThatNeverReachesItsLogCloses() throws Exception {
        G2Node node = rig.start(away());
        node.cache(SPEC);
        node.close(Duration.ofSeconds(5));
        Rig.until("no thread is left", () -> Rig.threads(node.id()).isEmpty());
        assertThat(node.status().state()).isEqualTo(NodeState.CLOSED);
    }
}
