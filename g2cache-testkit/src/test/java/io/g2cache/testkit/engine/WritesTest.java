package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.BulkWriteException;
import io.g2cache.BulkWriteException.KeyOutcome;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.OutFault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a write changes, what it returns, and what happens where it fails. */
class WritesTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void everyWriteWorksOnEveryCombination() throws Exception {
        for (G2Node node : List.of(rig.alone(), rig.withOut(), rig.withLog(), rig.withAll())) {
            G2Cache<String, String> cache = Rig.cache(node);
            WriteToken put = cache.put("a", "1");
            assertThat(put.offsets()).hasSize(1);
            assertThat(WriteToken.parse(put.toString())).isEqualTo(put);
            assertThat(cache.get("a")).isEqualTo("1");
            assertThat(cache.get("a", put, Rig.DEADLINE)).isEqualTo("1");
            cache.putAll(Map.of("b", "2", "c", "3"));
            assertThat(cache.getAll(List.of("c", "a", "b", "d")))
                    .containsExactly(Map.entry("c", "3"), Map.entry("a", "1"), Map.entry("b", "2"));
            cache.invalidate("a");
            assertThat(cache.get("a")).isNull();
            cache.invalidateAll(List.of("b", "b"));
            assertThat(cache.get("b")).isNull();
            cache.clear();
            assertThat(cache.get("c")).isNull();
            assertThat(cache.stats().counter("put")).isEqualTo(3);
            assertThat(cache.stats().counter("invalidate")).isEqualTo(2);
            assertThat(cache.stats().counter("clear")).isEqualTo(1);
            assertThat(cache.putAll(Map.of()).offsets()).isEmpty();
        }
    }

    @Test
    void everyAsynchronousWriteWorks() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        Rig.get(cache.putAsync("a", "1"));
        Rig.get(cache.putAllAsync(Map.of("b", "2", "c", "3")));
        assertThat(cache.getAll(List.of("a", "b", "c"))).hasSize(3);
        Rig.get(cache.invalidateAsync("a"));
        Rig.get(cache.invalidateAllAsync(List.of("b")));
        assertThat(cache.getAll(List.of("a", "b", "c"))).containsOnlyKeys("c");
        Rig.get(cache.clearAsync());
        assertThat(cache.get("c")).isNull();
    }

    @Test
    void aFailedWriteChangesNothingAndReachesTheCaller() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        cache.put("a", "old");
        rig.logFaults.rate(LogFault.APPEND_FAILED, 1);
        assertThatThrownBy(() -> cache.put("a", "new"))
                .isInstanceOfSatisfying(
                        SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED));
        assertThatThrownBy(() -> cache.invalidate("a")).isInstanceOf(SyncLogException.class);
        assertThatThrownBy(() -> cache.clear())
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining("0 of 1 partitions");
        assertThat(Rig.failure(cache.putAsync("a", "new"))).isInstanceOf(SyncLogException.class);
        assertThat(cache.get("a")).isEqualTo("old");
        assertThat(cache.stats().counter("write_failure")).isEqualTo(4);
        rig.logFaults.heal();
        assertThat(Rig.cache(rig.peer()).get("a")).isEqualTo("old");
    }

    @Test
    void anUnknownWriteDropsTheKeyLocallyAndSaysSo() throws Exception {
        for (LogFault fault : List.of(LogFault.APPEND_UNKNOWN_LOST, LogFault.APPEND_UNKNOWN_WRITTEN)) {
            G2Cache<String, String> cache = Rig.cache(rig.withLog());
            cache.put("a", "old");
            rig.logFaults.next(fault);
            assertThatThrownBy(() -> cache.put("a", "new"))
                    .isInstanceOfSatisfying(
                            SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
            assertThat(cache.get("a")).isNull();
        }
    }

    @Test
    void aBulkWriteSaysWhatBecameOfEachKey() throws Exception {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = Rig.cache(node);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("failed", "1");
        values.put("done", "2");
        rig.logFaults.next(LogFault.APPEND_FAILED);
        assertThatThrownBy(() -> cache.putAll(values)).isInstanceOfSatisfying(BulkWriteException.class, e -> {
            assertThat(e.outcomes().toString())
                    .isEqualTo(Map.of("failed", KeyOutcome.FAILED).toString().replace("}", ", done=DONE}"));
            assertThat(e.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(e).hasMessageContaining("1 of 2");
            node.awaitToken(e.token(), Rig.DEADLINE);
        });
        assertThat(cache.get("done")).isEqualTo("2");
        assertThat(cache.get("failed")).isNull();
        rig.logFaults.next(LogFault.APPEND_UNKNOWN_LOST);
        assertThat(Rig.failure(cache.invalidateAllAsync(List.of("done", "other"))))
                .isInstanceOfSatisfying(BulkWriteException.class, e -> {
                    assertThat(e.outcomes().get("done")).isEqualTo(KeyOutcome.UNKNOWN);
                    assertThat(e.outcomes().get("other")).isEqualTo(KeyOutcome.DONE);
                    assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN);
                });
        assertThat(cache.get("done")).isNull();
    }

    @Test
    void anAppendThatNeverCompletesEndsWithAnUnknownOutcome() throws Exception {
        StuckLog stuck = new StuckLog(rig.log);
        G2Cache<String, String> cache = Rig.cache(rig.start(rig.builder().sync(stuck)));
        cache.put("a", "old");
        stuck.isStuck = true;
        CompletableFuture<WriteToken> asynchronous = cache.putAsync("a", "new");
        CompletableFuture<WriteToken> synchronous = rig.start(() -> cache.put("b", "new"));
        Rig.until("both are sent", () -> stuck.stuck.get() == 2);
        assertThat(cache.get("a")).isEqualTo("old");
        rig.time.advance(Duration.ofSeconds(61));
        for (CompletableFuture<WriteToken> write : List.of(asynchronous, synchronous)) {
            assertThat(Rig.failure(write))
                    .isInstanceOfSatisfying(
                            SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
        }
        assertThat(cache.get("a")).isNull();
        stuck.isStuck = false;
        cache.put("a", "newer");
        assertThat(cache.get("a")).isEqualTo("newer");
    }

    @Test
    void writesSucceedWhileTheOutTierIsDown() throws Exception {
        for (OutFault fault : List.of(OutFault.FAILED, OutFault.TIMEOUT_APPLIED, OutFault.TIMEOUT_LATE)) {
            G2Cache<String, String> cache = Rig.cache(rig.withAll());
            rig.outFaults.rate(fault, 1);
            cache.put("a", "1");
            assertThat(cache.get("a")).isEqualTo("1");
            cache.invalidate("a");
            assertThat(cache.get("a", key -> "loaded")).isEqualTo("loaded");
            assertThat(cache.getAll(List.of("b"), keys -> Map.of("b", "loaded")))
                    .containsEntry("b", "loaded");
            cache.clear();
            assertThat(cache.get("a", key -> "again")).isEqualTo("again");
            assertThat(cache.stats().counter("out_failure")).isPositive();
            rig.outFaults.heal();
        }
    }

    @Test
    void aTokenThatDoesNotArriveEndsWithTheTimeout() {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = Rig.cache(node);
        WriteToken token = cache.put("a", "1");
        WriteToken later = WriteToken.of(token.generation(), Map.of(0, 1_000L));
        assertThatThrownBy(() -> cache.get("a", later, Duration.ofMillis(5)))
                .isInstanceOf(SyncLogException.class)
                .hasMessageContaining(later.toString())
                .hasMessageContaining("PT0.005S");
        assertThatThrownBy(() -> node.awaitToken(WriteToken.of("other", Map.of()), Duration.ofMillis(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other");
        assertThatThrownBy(() -> node.awaitToken(WriteToken.of(token.generation(), Map.of(7, 1L)), Rig.DEADLINE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("partition=7");
    }

    @Test
    void aClearThatReachedSomePartitionsIsUnknownAndOneThatReachedNoneHasFailed() {
        try (Rig three = new Rig(3)) {
            G2Cache<String, String> cache = Rig.cache(three.withAll());
            three.logFaults.next(LogFault.APPEND_FAILED);
            assertThatThrownBy(cache::clear)
                    .isInstanceOfSatisfying(
                            SyncLogException.class,
                            e -> assertThat(e.outcome()).isEqualTo(SyncLogException.Outcome.UNKNOWN))
                    .hasMessageContaining("2 of 3");
            three.logFaults.rate(LogFault.APPEND_FAILED, 1);
            assertThatThrownBy(cache::clear)
                    .isInstanceOfSatisfying(
                            SyncLogException.class,
                            e -> assertThat(e.outcome()).isEqualTo(SyncLogException.Outcome.FAILED));
            three.logFaults.heal();
            cache.clear();
        }
    }
}
