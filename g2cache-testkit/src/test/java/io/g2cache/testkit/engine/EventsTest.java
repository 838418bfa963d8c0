package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.PublishMode;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What events of the log do to a node and to the out tier. */
class EventsTest {
    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();
    private final SyncLog raw = new MemoryLog(rig.broker)
            .open(new LogContext("default", "raw", Duration.ofDays(7), Duration.ofSeconds(60), 1 << 20, rig.time));

    @AfterEach
    void close() {
        rig.close();
        raw.close();
    }

    private static byte[] key(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private long append(Event event) throws Exception {
        return Rig.get(raw.append(0, event));
    }

    private void applied(G2Node node, long offset) throws Exception {
        Rig.until("applied offset=" + offset, () -> node.status().eventsApplied() > offset);
    }

    private void materialised() throws Exception {
        Rig.until(
                "materialised",
                () -> raw.committed().join().equals(raw.endOffsets().join()));
    }

    private CacheLoader<String, String> counted() {
        return key -> "v" + calls.incrementAndGet();
    }

    /** Its entry would be newer than every event to come, and none could remove it. */
    @Test
    void aPublishedLoadWithAStampBeyondItsOwnOffsetIsRefused() throws Exception {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = Rig.cache(node);
        long hard = rig.time.wallMillis() + 60_000;
        byte[] stored = new ValueFormat<>(Codecs.string()).encode("of another history");
        Entry entry = Entry.value(Long.MAX_VALUE, hard, hard, stored);
        applied(node, append(new Event.Loaded("cities", key("a"), "other", entry)));
        assertThat(cache.get("a", counted())).isEqualTo("v1");
    }

    @Test
    void anEventOfAnotherNodeDropsTheKey() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        assertThat(cache.get("a", counted())).isEqualTo("v1");
        applied(node, append(new Event.Invalidate("cities", key("a"), "other")));
        materialised();
        assertThat(cache.get("a", counted())).isEqualTo("v2");
        assertThat(cache.stats().counter("event_applied")).isEqualTo(1);
        Rig.until("counted", () -> cache.stats().counter("event_materialised") == 1);
    }

    @Test
    void anEventWithAKeyThatNobodyCanDecodeDoesNotStopTheNode() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<Long, String> numbers = node.cache(
                CacheSpec.builder("numbers", Codecs.int64(), Codecs.string()).build());
        G2Cache<String, String> cache = Rig.cache(node);
        numbers.get(7L, k -> "seven");
        assertThat(cache.get("a", counted())).isEqualTo("v1");
        append(new Event.Invalidate("numbers", key("not a number"), "other"));
        append(new Event.Put("numbers", key("?"), "other", io.g2cache.spi.Entry.absent(0, Rig.NOW * 2, Rig.NOW * 2)));
        applied(node, append(new Event.Invalidate("cities", key("a"), "other")));
        assertThat(cache.get("a", counted())).isEqualTo("v2");
        assertThat(numbers.get(7L)).isEqualTo("seven");
        assertThat(numbers.stats().localHits()).isEqualTo(1);
        materialised();
    }

    @Test
    void anUnreadableEventWithItsKeyIsAnInvalidation() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.get("a", counted());
        cache.get("b", counted());
        applied(node, append(new Event.Unreadable("cities", key("a"), "a test")));
        materialised();
        assertThat(cache.get("a", counted())).isEqualTo("v3");
        assertThat(cache.get("b", counted())).isEqualTo("v2");
        assertThat(cache.stats().counter("event_unreadable")).isEqualTo(1);
    }

    @Test
    void anUnreadableEventWithoutAKeyEmptiesThePartitionAndTheCacheWorksOn() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        cache.get("a", counted());
        applied(node, append(new Event.Unreadable(null, null, "a test")));
        materialised();
        for (int i = 0; i < 2; i++) {
            assertThat(cache.get("a", counted())).isEqualTo("v2");
        }
        for (int i = 0; i < 2; i++) {
            assertThat(cache.get("fresh", counted())).isEqualTo("v3");
        }
        assertThat(cache.stats().counter("event_unreadable")).isEqualTo(1);
        G2Cache<String, String> peer = Rig.cache(rig.peer());
        assertThat(peer.get("a", counted())).isEqualTo("v2");
    }

    @Test
    void aClearOfAnotherNodeEmptiesTheCacheAndNoOtherCache() throws Exception {
        G2Node node = rig.withAll();
        G2Cache<String, String> cache = Rig.cache(node);
        G2Cache<String, String> other = node.cache(
                CacheSpec.builder("other", Codecs.string(), Codecs.string()).build());
        cache.get("a", counted());
        other.get("a", counted());
        applied(node, append(new Event.Clear("cities", "another")));
        materialised();
        assertThat(cache.get("a", counted())).isEqualTo("v3");
        assertThat(cache.get("a", counted())).isEqualTo("v3");
        assertThat(other.get("a", counted())).isEqualTo("v2");
    }

    @Test
    void aLoadIsPublishedAndTakenAtItsStampOnly() throws Exception {
        G2Node node = rig.withLog();
        CacheSpec<String, String> spec = Rig.spec().publishLoads(true).build();
        G2Cache<String, String> cache = node.cache(spec);
        G2Node other = rig.start(rig.builder().sync(new MemoryLog(rig.broker)));
        G2Cache<String, String> taker = other.cache(spec);
        assertThat(cache.get("a", counted())).isEqualTo("v1");
        Rig.until("taken", () -> "v1".equals(taker.get("a")));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> late = rig.start(() -> cache.get("b", key -> {
            started.countDown();
            Rig.await(go);
            return "old";
        }));
        Rig.await(started);
        other.awaitToken(taker.invalidate("b"), Rig.DEADLINE);
        go.countDown();
        Rig.get(late);
        Rig.until("refused", () -> taker.stats().counter("fill_rejected") > 0);
        assertThat(taker.get("b")).isNull();
    }

    @Test
    void aPublishedValueReachesOtherNodesAndAnInvalidationDropsIt() throws Exception {
        G2Node node = rig.withLog();
        G2Node other = rig.start(rig.builder().sync(new MemoryLog(rig.broker)));
        CacheSpec<String, String> values = Rig.spec().publish(PublishMode.VALUE).build();
        G2Cache<String, String> cache = node.cache(values);
        G2Cache<String, String> taker = other.cache(values);
        other.awaitToken(cache.put("a", "v"), Rig.DEADLINE);
        assertThat(taker.get("a")).isEqualTo("v");
        other.awaitToken(cache.invalidate("a"), Rig.DEADLINE);
        assertThat(taker.get("a")).isNull();
        CacheSpec<String, String> only =
                CacheSpec.builder("only", Codecs.string(), Codecs.string()).build();
        G2Cache<String, String> writer = node.cache(only);
        other.awaitToken(writer.put("a", "v"), Rig.DEADLINE);
        assertThat(writer.get("a")).isEqualTo("v");
        assertThat(other.cache(only).get("a")).isNull();
    }

    @Test
    void theOutTierGetsTheNewestEventOfEachKeyWhateverIsHandedOverAgain() throws Exception {
        rig.logFaults.rate(LogFault.REPEAT, 0.5);
        rig.withAll();
        for (int i = 0; i < 200; i++) {
            append(new Event.Put(
                    "cities",
                    key("k" + i % 3),
                    "other",
                    io.g2cache.spi.Entry.value(0, Rig.NOW * 2, Rig.NOW * 2, stored("v" + i))));
        }
        materialised();
        rig.logFaults.heal();
        G2Cache<String, String> late = Rig.cache(rig.peer());
        assertThat(late.get("k" + 197 % 3)).isEqualTo("v197");
        assertThat(late.get("k" + 198 % 3)).isEqualTo("v198");
        assertThat(late.get("k" + 199 % 3)).isEqualTo("v199");
    }

    private static byte[] stored(String value) {
        return new io.g2cache.spi.ValueFormat<>(Codecs.string()).encode(value);
    }

    @Test
    void nothingIsCommittedBeforeTheOutTierHasIt() throws Exception {
        rig.withAll();
        materialised();
        rig.outFaults.rate(OutFault.FAILED, 1);
        long offset = append(new Event.Put(
                "cities", key("a"), "other", io.g2cache.spi.Entry.value(0, Rig.NOW * 2, Rig.NOW * 2, stored("v"))));
        int before = rig.outFaults.struck(OutFault.FAILED);
        Rig.until("tried twice", () -> rig.outFaults.struck(OutFault.FAILED) >= before + 2);
        assertThat(raw.committed().join().offset(0)).isLessThanOrEqualTo(offset);
        rig.outFaults.heal();
        materialised();
        assertThat(raw.committed().join()).isEqualTo(LogPosition.of(offset + 1));
        assertThat(Rig.cache(rig.peer()).get("a")).isEqualTo("v");
    }

    @Test
    void theMaterialiserDoesNotSpinWhileTheOutTierIsDown() throws Exception {
        rig.withAll();
        materialised();
        rig.outFaults.rate(OutFault.FAILED, 1);
        append(new Event.Invalidate("cities", key("a"), "other"));
        int before = rig.outFaults.struck(OutFault.FAILED);
        Rig.until("tried", () -> rig.outFaults.struck(OutFault.FAILED) > before);
        long began = System.nanoTime();
        Rig.until("tried again", () -> rig.outFaults.struck(OutFault.FAILED) >= before + 4);
        assertThat(System.nanoTime() - began)
                .isGreaterThan(Duration.ofMillis(300).toNanos());
    }

    @Test
    void aFailedCommitIsTriedAgain() throws Exception {
        rig.withAll();
        rig.logFaults.next(LogFault.COMMIT_FAILED);
        append(new Event.Invalidate("cities", key("a"), "other"));
        materialised();
        assertThat(rig.logFaults.struck(LogFault.COMMIT_FAILED)).isEqualTo(1);
    }

    @Test
    void eventsBeyondTheCapacityOfTheirMemoryNeverLetAStaleValueThrough() throws Exception {
        G2Node node = rig.start(rig.builder().out(rig.out).sync(rig.log).recentCapacity(1024));
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
        long last = 0;
        for (int i = 0; i < 5000; i++) {
            last = append(new Event.Invalidate("cities", key("k" + i), "other"));
        }
        applied(node, last);
        new KeyedEviction(rig, "cities").evict("a");
        go.countDown();
        assertThat(Rig.get(older)).isEqualTo("old");
        assertThat(cache.get("a", key -> "new")).isEqualTo("new");
    }

    /** Loses a key of the out tier. */
    private record KeyedEviction(Rig rig, String cache) {
        void evict(String key) {
            new MemoryOut(rig.store)
                    .open(new io.g2cache.spi.OutContext(
                            "default", cache, "memory-0", Duration.ofDays(1), Runnable::run, rig.time))
                    .evict(new KeySpace(cache, 1).key(key(key)));
        }
    }
}
