package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.LoadException;
import io.g2cache.NodeState;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log's history ends under a running node: nothing from before is served, and the node goes on by itself. */
class GenerationsTest {
    private static final String NAMESPACE = "default";

    private final Rig rig = new Rig();
    private final AtomicReference<String> row = new AtomicReference<>("old");

    @AfterEach
    void close() {
        rig.close();
    }

    private G2Cache<String, String> open(G2Node node) {
        return node.cache(Rig.spec().loader(key -> row.get()).build());
    }

    private static String generation(G2Cache<String, String> cache) {
        return cache.invalidate("generation").generation();
    }

    private static void awaitMoved(G2Node node, G2Cache<?, ?> cache) throws InterruptedException {
        Rig.until(
                "in a new generation",
                () -> cache.stats().counter("new_generation") == 1
                        && node.status().state() == NodeState.READY);
    }

    @Test
    void aTopicMadeAnewEmptiesEveryTierAndTheNodeGoesOn() throws Exception {
        G2Node node = rig.withAll();
        G2Node peer = rig.peer();
        G2Cache<String, String> cache = open(node);
        G2Cache<String, String> other = open(peer);
        assertThat(cache.get("a")).isEqualTo("old");
        assertThat(other.get("a")).isEqualTo("old");
        WriteToken before = cache.invalidate("b");

        row.set("new");
        rig.broker.recreate(NAMESPACE);
        awaitMoved(node, cache);
        awaitMoved(peer, other);

        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(other.get("a")).isEqualTo("new");
        assertThat(generation(cache)).isEqualTo(generation(other)).isNotEqualTo(before.generation());
        assertThatThrownBy(() -> other.get("a", before, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(before.generation());

        WriteToken after = cache.put("a", "put");
        row.set("newest");
        assertThat(other.get("a", after, Duration.ofSeconds(10))).isEqualTo("put");
    }

    @Test
    void aLogThatLostItsEndIsANewGenerationForAllNodes() throws Exception {
        G2Node node = rig.withAll();
        G2Node peer = rig.peer();
        G2Cache<String, String> cache = open(node);
        G2Cache<String, String> other = open(peer);
        String before = generation(cache);
        for (int i = 0; i < 10; i++) {
            cache.invalidate("k" + i);
        }
        assertThat(cache.get("a")).isEqualTo("old");
        assertThat(other.get("a")).isEqualTo("old");

        row.set("new");
        rig.broker.truncate(NAMESPACE, 0, 3);
        awaitMoved(node, cache);
        awaitMoved(peer, other);
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(other.get("a")).isEqualTo("new");
        assertThat(generation(cache)).isEqualTo(generation(other)).isNotEqualTo(before);
    }

    /** The put is still in the log when what had replaced it is not. */
    @Test
    void aValueWhoseInvalidationTheLogHasLostDoesNotComeBack() throws Exception {
        CacheSpec<String, String> spec =
                Rig.spec().publish(PublishMode.VALUE).loader(key -> row.get()).build();
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = node.cache(spec);
        long kept = cache.put("a", "put").offsets().get(0);
        node.awaitToken(cache.invalidate("a"), Duration.ofSeconds(10));
        row.set("new");
        rig.broker.truncate(NAMESPACE, 0, kept + 1);
        awaitMoved(node, cache);
        assertThat(cache.get("a")).isEqualTo("new");
        G2Cache<String, String> late = rig.peer().cache(spec);
        assertThat(late.get("a")).isEqualTo("new");
        assertThat(late.get("a", cache.put("a", "put again"), Duration.ofSeconds(10)))
                .isEqualTo("put again");
    }

    @Test
    void aVersionInTheOutTierThatTheLogHasLostIsEvidence() throws Exception {
        G2Node gone = rig.withAll();
        G2Cache<String, String> lost = open(gone);
        for (int i = 0; i < 10; i++) {
            lost.put("a", "lost");
        }
        gone.close(Duration.ofSeconds(5));
        rig.broker.truncate(NAMESPACE, 0, 3);
        row.set("new");

        G2Node late = rig.start(rig.builder().out(new MemoryOut(rig.store)).sync(new MemoryLog(rig.broker)));
        G2Cache<String, String> cache = open(late);
        String before = generation(cache);
        cache.get("a");
        awaitMoved(late, cache);

        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(generation(cache)).isNotEqualTo(before);
    }

    @Test
    void anOffsetThatIsGivenTwiceIsEvidence() throws Exception {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = open(node);
        WriteToken last = cache.invalidate("x");
        node.awaitToken(last, Duration.ofSeconds(10));
        rig.broker.truncate(NAMESPACE, 0, 0);
        assertThatThrownBy(() -> cache.invalidate("y")).hasMessageContaining("truncated");
        awaitMoved(node, cache);
        assertThat(cache.invalidate("y").generation()).isNotEqualTo(last.generation());
    }

    @Test
    void aKeptTierOfAnEndedGenerationStartsEmpty() throws Exception {
        MemoryLocal.Disk disk = new MemoryLocal.Disk();
        G2Node first = rig.builder()
                .local(new MemoryLocal(disk))
                .sync(new MemoryLog(rig.broker))
                .build();
        assertThat(open(first).get("a")).isEqualTo("old");
        first.close(Duration.ofSeconds(5));
        row.set("new");
        rig.broker.recreate(NAMESPACE);
        G2Node second = rig.start(rig.builder().local(new MemoryLocal(disk)).sync(new MemoryLog(rig.broker)));
        assertThat(open(second).get("a")).isEqualTo("new");
    }

    @Test
    void aNodeOpenedOnTheOutTierOfAnEndedGenerationSeesNothingOfIt() {
        G2Cache<String, String> cache = open(rig.withAll());
        cache.put("a", "put");
        rig.broker.recreate(NAMESPACE);
        row.set("new");
        G2Node late = rig.start(rig.builder().out(new MemoryOut(rig.store)).sync(new MemoryLog(rig.broker)));
        assertThat(open(late).get("a")).isEqualTo("new");
    }

    @Test
    void deletedEventsThatTheNodeHadNotSeenEmptyItsPartition() throws Exception {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = open(node);
        G2Cache<String, String> writer = open(rig.peer());
        assertThat(cache.get("a")).isEqualTo("old");
        rig.log.holdBackTail(Long.MAX_VALUE);
        Rig.until("behind", () -> {
            writer.invalidate("b");
            return node.status().lagEvents() > 1;
        });
        long start = writer.invalidate("a").offsets().get(0) + 1;
        row.set("new");
        rig.broker.deleteBelow(NAMESPACE, 0, start);
        rig.log.holdBackTail(0);
        Rig.until("gap seen", () -> cache.stats().counter("gap") == 1);
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(node.status().state()).isEqualTo(NodeState.READY);
    }

    @Test
    void aLoadOfAnEndedGenerationKeepsItsDeadline() throws Exception {
        Duration limit = Duration.ofSeconds(5);
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = node.cache(Rig.spec().loadTimeout(limit).build());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> read = cache.getAsync("a", key -> {
            started.countDown();
            Rig.await(go);
            return "late";
        });
        Rig.await(started);
        rig.broker.recreate(NAMESPACE);
        awaitMoved(node, cache);
        assertThat(read).isNotDone();
        Rig.until("given up", () -> {
            rig.time.advance(limit);
            return read.isDone();
        });
        assertThat(Rig.failure(read)).isInstanceOf(LoadException.class).hasMessageContaining("loadTimeout");
        go.countDown();
    }

    @Test
    void closingWhileTheLogIsGoneEnds() {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = open(node);
        assertThat(cache.get("a")).isEqualTo("old");
        rig.broker.recreate(NAMESPACE);
        node.close(Duration.ofSeconds(5));
        assertThat(node.status().state()).isEqualTo(NodeState.CLOSED);
    }
}
