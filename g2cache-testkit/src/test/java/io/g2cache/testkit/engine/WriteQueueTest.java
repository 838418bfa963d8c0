package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.BulkWriteException;
import io.g2cache.BulkWriteException.KeyOutcome;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.TierException;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.WriteQueueException;
import io.g2cache.WriteQueueStatus;
import io.g2cache.WriteToken;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.ManualAgents;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes while the log is away, in a cache that queues them. */
class WriteQueueTest {
    private final Rig rig = new Rig(3);
    private final MemoryLocal.Disk disk = new MemoryLocal.Disk();
    private final AtomicInteger loads = new AtomicInteger();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        rig.close();
    }

    private G2NodeBuilder builder() {
        return rig.builder()
                .out(rig.out)
                .sync(rig.log)
                .local(new MemoryLocal(disk))
                .writeQueue(WriteQueue.in(directory.resolve("queue")));
    }

    private static G2Cache<String, String> queueing(G2Node node) {
        return node.cache(Rig.spec().whenLogIsAway(WhenLogIsAway.QUEUE).build());
    }

    private String load(String key) {
        return key + loads.incrementAndGet();
    }

    private void away() {
        rig.logFaults.rate(LogFault.APPEND_FAILED, 1);
    }

    private void back(G2Node node) throws Exception {
        rig.logFaults.heal();
        Rig.until("the queue is sent", () -> {
            rig.time.advance(Duration.ofSeconds(1));
            return node.writeQueue().waiting() == 0 && !node.writeQueue().isLogAway();
        });
    }

    @Test
    void aQueuedKeyIsDeadHereUntilItsInvalidationWasSent() throws Exception {
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = queueing(node);
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        cache.put("a", "old");
        assertThat(peer.get("a")).isEqualTo("old");
        away();
        WriteToken token = cache.put("a", "new");
        assertThat(token.isQueued()).isTrue();
        assertThat(token.offsets()).isEmpty();
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("a", this::load)).isEqualTo("a1");
        assertThat(cache.get("a", this::load)).isEqualTo("a2");
        assertThat(cache.getAll(List.of("a"))).isEmpty();
        assertThat(peer.get("a")).isEqualTo("old");
        assertThat(cache.stats().counter("write_queued")).isEqualTo(1);
        assertThat(cache.stats().counter("write_failure")).isZero();
        assertThat(node.writeQueue())
                .usingRecursiveComparison()
                .ignoringFields("bytes")
                .isEqualTo(new WriteQueueStatus(1, 0, 1, 0, 0, true));
        back(node);
        assertThat(cache.get("a", this::load)).isEqualTo("a3");
        assertThat(cache.get("a", this::load)).isEqualTo("a3");
        Rig.until("the peer hears of it", () -> !"old".equals(peer.get("a")));
        assertThat(node.writeQueue().sent()).isEqualTo(1);
    }

    @Test
    void aTokenOfAQueuedWriteIsNeverTakenForOneThatWasWritten() {
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = queueing(node);
        WriteToken written = cache.put("a", "old");
        away();
        WriteToken token = WriteToken.parse(cache.invalidate("a").toString());
        assertThat(token.isQueued()).isTrue();
        assertThat(token).isNotEqualTo(WriteToken.of(token.generation(), Map.of()));
        assertThat(written.and(token).isQueued()).isTrue();
        for (WriteToken one : List.of(token, written.and(token))) {
            assertThatThrownBy(() -> node.awaitToken(one, Rig.DEADLINE))
                    .isInstanceOf(SyncLogException.class)
                    .hasMessageContaining("queued");
            assertThatThrownBy(() -> cache.get("a", one, Rig.DEADLINE)).isInstanceOf(SyncLogException.class);
        }
    }

    @Test
    void whileTheLogIsKnownToBeAwayItIsNotTried() throws Exception {
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = queueing(node);
        rig.logFaults.next(LogFault.APPEND_UNKNOWN_WRITTEN);
        rig.logFaults.rate(LogFault.APPEND_UNKNOWN_LOST, 1);
        assertThat(cache.put("a", "1").isQueued()).isTrue();
        int struck = rig.logFaults.struck(LogFault.APPEND_UNKNOWN_LOST);
        for (int i = 0; i < 50; i++) {
            assertThat(Rig.get(cache.putAsync("a", "2")).isQueued()).isTrue();
        }
        assertThat(rig.logFaults.struck(LogFault.APPEND_UNKNOWN_LOST)).isLessThan(struck + 10);
        assertThat(node.writeQueue().waiting()).isBetween(1L, 2L);
        back(node);
        assertThat(cache.put("a", "3").isQueued()).isFalse();
        assertThat(cache.get("a")).isEqualTo("3");
    }

    @Test
    void aQueuedClearEmptiesTheCacheHereAtOnceAndEverywhereLater() throws Exception {
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = queueing(node);
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        List<String> keys = List.of("a", "b", "c", "d", "e", "f");
        keys.forEach(key -> cache.put(key, "old"));
        keys.forEach(key -> assertThat(peer.get(key)).isEqualTo("old"));
        away();
        assertThat(cache.clear().isQueued()).isTrue();
        assertThat(cache.getAll(keys)).isEmpty();
        assertThat(cache.get("a", this::load)).isEqualTo("a1");
        assertThat(cache.get("a")).isNull();
        assertThat(peer.getAll(keys)).hasSize(6);
        back(node);
        Rig.until("the peer hears of it", () -> peer.getAll(keys).isEmpty());
        assertThat(cache.getAll(keys)).isEmpty();
        cache.put("a", "new");
        assertThat(cache.get("a")).isEqualTo("new");
    }

    @Test
    void aQueuedInvalidationOfATagDropsItsEntriesEverywhereLater() throws Exception {
        CacheSpec<String, String> spec = Rig.named("tagged")
                .tags((key, value) -> List.of(value))
                .whenLogIsAway(WhenLogIsAway.QUEUE)
                .build();
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = node.cache(spec);
        G2Node other = rig.peer();
        G2Cache<String, String> peer = other.cache(
                Rig.named("tagged").tags((key, value) -> List.of(value)).build());
        WriteToken put = cache.putAll(Map.of("a", "red", "b", "blue"));
        other.awaitToken(put, Rig.DEADLINE);
        assertThat(peer.getAll(List.of("a", "b"))).hasSize(2);
        away();
        assertThat(cache.invalidateTag("red").isQueued()).isTrue();
        assertThat(cache.getAll(List.of("a", "b"))).isEmpty();
        assertThat(peer.getAll(List.of("a", "b"))).hasSize(2);
        back(node);
        Rig.until("the peer hears of it", () -> peer.get("a") == null);
        assertThat(peer.get("b")).isEqualTo("blue");
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("b")).isEqualTo("blue");
    }

    @Test
    void aBulkWriteIsQueuedWhereItFailed() throws Exception {
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = queueing(node);
        rig.logFaults.next(LogFault.APPEND_FAILED);
        Map<String, String> values = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(key -> values.put(key, "1"));
        WriteToken token = cache.putAll(values);
        assertThat(token.isQueued()).isTrue();
        assertThat(token.offsets()).isNotEmpty();
        assertThat(cache.get("b")).isEqualTo("1");
        back(node);
        assertThat(cache.get("a")).isNull();
        away();
        assertThat(Rig.get(cache.invalidateAllAsync(List.of("a", "b", "c"))).isQueued())
                .isTrue();
        assertThat(cache.getAll(values.keySet())).isEmpty();
        assertThat(node.writeQueue().waiting()).isEqualTo(3);
        back(node);
    }

    @Test
    void whatTheLogRefusesIsNotQueued() {
        G2Node node = rig.start(builder());
        G2Cache<String, String> cache = queueing(node);
        cache.put("a", "old");
        rig.logFaults.rate(LogFault.APPEND_REFUSED, 1);
        assertThatThrownBy(() -> cache.put("a", "new"))
                .isInstanceOfSatisfying(
                        SyncLogException.class, e -> assertThat(e.isRefusal()).isTrue());
        assertThatThrownBy(cache::clear).isInstanceOf(SyncLogException.class);
        rig.logFaults.heal();
        rig.logFaults.next(LogFault.APPEND_FAILED);
        rig.logFaults.next(LogFault.APPEND_REFUSED);
        Map<String, String> values = new LinkedHashMap<>();
        List.of("queued", "refused", "done").forEach(key -> values.put(key, "1"));
        assertThatThrownBy(() -> cache.putAll(values)).isInstanceOfSatisfying(BulkWriteException.class, e -> {
            assertThat(e.outcomes().values().stream().map(Object::toString))
                    .containsExactly(KeyOutcome.QUEUED.name(), KeyOutcome.FAILED.name(), KeyOutcome.DONE.name());
            assertThat(e.token().isQueued()).isTrue();
        });
        assertThat(cache.get("a")).isEqualTo("old");
    }

    @Test
    void aFullQueueFailsTheWriteAndKeepsWhatItHas() throws Exception {
        G2Node node = rig.start(builder().writeQueue(WriteQueue.in(directory).withMaximumEntries(2)));
        G2Cache<String, String> cache = queueing(node);
        cache.put("c", "old");
        away();
        assertThatThrownBy(() -> cache.invalidateAll(List.of("a", "b", "c")))
                .isInstanceOfSatisfying(
                        BulkWriteException.class,
                        e -> assertThat(e.outcomes().toString()).isEqualTo("{a=QUEUED, b=QUEUED, c=FAILED}"));
        assertThatThrownBy(() -> cache.put("c", "1"))
                .isInstanceOfSatisfying(
                        WriteQueueException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED))
                .hasMessageContaining("entries=2 of 2");
        assertThatThrownBy(cache::clear).isInstanceOf(WriteQueueException.class);
        assertThat(cache.get("c")).isEqualTo("old");
        assertThat(node.writeQueue().refused()).isEqualTo(3);
        Rig.until("what was tried to be sent waits again", () -> isQueued(() -> cache.put("a", "again")));
        assertThat(node.writeQueue().waiting()).isEqualTo(2);
        back(node);
        assertThat(node.writeQueue().sent()).isEqualTo(2);
    }

    private static boolean isQueued(Supplier<WriteToken> write) {
        try {
            return write.get().isQueued();
        } catch (WriteQueueException e) {
            return false;
        }
    }

    @Test
    void afterARestartQueuedKeysAreDeadFromTheFirstReadOn() throws Exception {
        ManualAgents agents = new ManualAgents();
        G2Node first = rig.start(builder());
        G2Cache<String, String> cache = queueing(first);
        List.of("a", "b", "c").forEach(key -> cache.put(key, "old"));
        G2Cache<String, String> other = first.cache(
                Rig.named("other").whenLogIsAway(WhenLogIsAway.QUEUE).build());
        other.put("x", "old");
        away();
        cache.put("a", "new");
        other.clear();
        first.close(Duration.ofSeconds(5));
        rig.logFaults.heal();
        G2Node second = startByHand(agents);
        G2Cache<String, String> reopened = queueing(second);
        assertThat(reopened.get("a")).isNull();
        assertThat(reopened.get("a", this::load)).isEqualTo("a1");
        assertThat(reopened.get("a", this::load)).isEqualTo("a2");
        assertThat(reopened.get("b")).isEqualTo("old");
        assertThat(second.cache(Rig.named("other").build()).get("x")).isNull();
        assertThat(second.writeQueue().waiting()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            agents.cycle("write-queue");
        }
        assertThat(second.writeQueue().waiting()).isZero();
        assertThat(reopened.get("a", this::load)).isEqualTo("a3");
        assertThat(reopened.get("a")).isEqualTo("a3");
    }

    /** The tail alone is driven until the node is ready; the queue stays as it is. */
    private G2Node startByHand(ManualAgents agents) throws Exception {
        var starting = rig.start(() -> rig.start(builder().agentScheduler(agents)));
        Rig.until("the node is ready", () -> {
            agents.cycle("tailer");
            return starting.isDone();
        });
        return Rig.get(starting);
    }

    @Test
    void whatWaitsForCachesThatAreNotOpenIsSentToo() throws Exception {
        G2Node first = rig.start(builder());
        G2Cache<String, String> cache = queueing(first);
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        cache.put("a", "old");
        assertThat(peer.get("a")).isEqualTo("old");
        away();
        cache.invalidate("a");
        first.close(Duration.ofSeconds(5));
        rig.logFaults.heal();
        G2Node second = rig.start(builder());
        Rig.until("the queue is sent", () -> second.writeQueue().waiting() == 0);
        Rig.until("the peer hears of it", () -> peer.get("a") == null);
    }

    @Test
    void otherCachesOfTheNodeFailAsEver() {
        G2Node node = rig.start(builder());
        queueing(node);
        G2Cache<String, String> failing = node.cache(Rig.named("other").build());
        away();
        assertThatThrownBy(() -> failing.put("a", "1"))
                .isInstanceOf(SyncLogException.class)
                .isNotInstanceOf(WriteQueueException.class);
        assertThat(node.writeQueue().accepted()).isZero();
    }

    @Test
    void aQueueNeedsALogAndACacheThatQueuesNeedsAQueue() {
        assertThatThrownBy(
                        () -> rig.builder().writeQueue(WriteQueue.in(directory)).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a log");
        assertThatThrownBy(() -> queueing(rig.withLog()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("writeQueue");
        assertThat(queueing(rig.alone()).put("a", "1").isQueued()).isFalse();
        assertThat(rig.withLog().writeQueue()).isEqualTo(WriteQueueStatus.NONE);
    }

    @Test
    void twoNodesCannotShareAQueue() {
        rig.start(builder());
        assertThatThrownBy(() -> rig.builder()
                        .sync(new MemoryLog(rig.broker))
                        .writeQueue(WriteQueue.in(directory.resolve("queue")))
                        .build())
                .isInstanceOf(TierException.class)
                .hasMessageContaining("in use");
    }
}
