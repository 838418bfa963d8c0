package io.g2cache.testkit.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Keys;
import io.g2cache.LoadException;
import io.g2cache.NodeClosedException;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.codec.JsonCodec;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.TimeSource;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import io.g2cache.testkit.TestNode;
import io.g2cache.testkit.TwoNodes;
import io.g2cache.testkit.TwoNodes.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the cache library that this one follows does wrong, shown there by real runs; one test for each fault. */
final class OriginalFaultsTest {
    private static final String KEY = "key";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** More than 2^53, which a floating-point number on the wire would round. */
    record Large(long beyondDouble, long largest) {}

    private static Long get(TestNode node) {
        CompletableFuture<Long> read = node.cache().getAsync(KEY);
        node.executor().runAll();
        return read.join();
    }

    @Test
    void fault01AfterADroppedConnectionNothingIsMissed() {
        try (TwoNodes nodes = new TwoNodes(Settings.byHand(1))) {
            TestNode cut = nodes.node(1);
            get(cut);
            cut.log().holdBackTail(1_000_000);
            for (int i = 0; i < 300; i++) {
                nodes.database().update(KEY);
                nodes.node(0).cache().invalidateAsync(KEY);
                nodes.node(0).executor().runAll();
                cut.agents().cycleAll();
            }
            assertThat(nodes.local(cut, KEY)).as("cut off").isZero();

            nodes.atRest();

            nodes.assertNoStale();
            assertThat(get(cut)).isEqualTo(300);
        }
    }

    @Test
    void fault02AMalformedEventStopsNobody() {
        MemoryLog.Broker broker = new MemoryLog.Broker(1);
        CacheSpec<Long, Long> spec =
                CacheSpec.builder("c", Codecs.int64(), Codecs.int64()).build();
        try (SyncLog log = new MemoryLog(broker)
                        .open(new LogContext(
                                "default",
                                "operator",
                                Duration.ofDays(7),
                                Duration.ofMinutes(1),
                                1 << 20,
                                TimeSource.SYSTEM));
                G2Node node = G2Node.builder().sync(new MemoryLog(broker)).build()) {
            G2Cache<Long, Long> cache = node.cache(spec);
            cache.put(7L, 70L);
            log.append(0, new Event.Invalidate("c", new byte[] {1, 2, 3}, "z")).join();
            log.append(0, new Event.Unreadable("c", new byte[] {1}, "no such schema"))
                    .join();
            log.append(0, new Event.Unreadable(null, null, "foreign bytes")).join();
            long last = log.append(0, new Event.Probe("z")).join();

            node.awaitToken(WriteToken.of(log.generation(), Map.of(0, last)), PATIENCE);

            assertThat(cache.get(7L)).as("which key it was is unknown").isNull();
            cache.put(7L, 71L);
            assertThat(cache.get(7L)).isEqualTo(71);
        }
    }

    @Test
    void fault03ALoadRacingWithADeleteLeavesNothingStale() {
        for (int round = 0; round < 120; round++) {
            try (TwoNodes nodes = new TwoNodes(Settings.byHand(round))) {
                TestNode loading = nodes.node(round % 2);
                TestNode deleting = nodes.node(round / 2 % 2);
                var unused = loading.cache().getAsync(KEY, key -> {
                    long value = nodes.database().read(key);
                    nodes.database().update(key);
                    var deleted = deleting.cache().invalidateAsync(key);
                    deleting.executor().runAll();
                    assertThat(deleted).isCompleted();
                    return value;
                });
                loading.executor().runAll();
                nodes.atRest();
                nodes.assertNoStale();
                assertThat(nodes.shared(KEY)).isNull();
            }
        }
    }

    @Test
    void fault04AThousandConcurrentGetsCallTheLoaderOnceAndHoldUpNoOtherKey() throws InterruptedException {
        ExecutorService callers = Executors.newCachedThreadPool();
        try (TwoNodes nodes = new TwoNodes(Settings.withThreads(4))) {
            G2Cache<String, Long> cache = nodes.node(0).cache();
            AtomicInteger loads = new AtomicInteger();
            CountDownLatch goOn = new CountDownLatch(1);
            CacheLoader<String, Long> slow = key -> {
                loads.incrementAndGet();
                assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
                return 42L;
            };
            List<CompletableFuture<Long>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(CompletableFuture.supplyAsync(() -> cache.get(KEY, slow), callers));
            }
            for (int i = 0; i < 800; i++) {
                all.add(cache.getAsync(KEY, slow));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(cache.get("other-" + i)).as("not held up").isZero();
            }
            goOn.countDown();

            assertThat(all)
                    .allSatisfy(
                            read -> assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(42));
            assertThat(loads).hasValue(1);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void fault05TwoNodesThatSetOneKeyAtOnceEndEqual() {
        try (TwoNodes nodes = new TwoNodes(Settings.withThreads(5).with(spec -> spec.publish(PublishMode.VALUE)))) {
            G2Cache<String, Long> one = nodes.node(0).cache();
            G2Cache<String, Long> two = nodes.node(1).cache();
            for (long round = 0; round < 1_200; round++) {
                WriteToken token = one.putAsync(KEY, 2 * round)
                        .thenCombine(two.putAsync(KEY, 2 * round + 1), WriteToken::and)
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join();
                Long first = one.get(KEY, token, PATIENCE);
                assertThat(two.get(KEY, token, PATIENCE)).as("round=%d", round).isEqualTo(first);
                assertThat(nodes.shared(KEY)).as("round=%d", round).isEqualTo(first);
            }
        }
    }

    @Test
    void fault06LateAndRepeatedDeliveryNeverReplacesANewerValue() {
        for (int seed = 0; seed < 50; seed++) {
            try (TwoNodes nodes = new TwoNodes(Settings.byHand(seed).with(spec -> spec.publish(PublishMode.VALUE)))) {
                TestNode reader = nodes.node(1);
                reader.logFaults().rate(LogFault.REPEAT, 0.5).rate(LogFault.DELAY, 0.3);
                long least = 0;
                for (long value = 1; value <= 30; value++) {
                    nodes.node(0).cache().putAsync(KEY, value);
                    nodes.node(0).executor().runAll();
                    reader.agents().cycleAll();
                    reader.executor().runAll();
                    assertThat(nodes.shared(KEY)).isEqualTo(value);
                    Long held = nodes.local(reader, KEY);
                    assertThat(held == null ? least : held).isGreaterThanOrEqualTo(least);
                    least = held == null ? least : held;
                }
                nodes.atRest();
                assertThat(get(reader)).isEqualTo(30);
            }
        }
    }

    @Test
    void fault07AnOutTierThatIsDownOrHangsCostsNoReadItsValueAndNoCallerItsTime() {
        try (TwoNodes nodes = new TwoNodes(Settings.byHand(7).with(spec -> spec.loadTimeout(Duration.ofMillis(300))))) {
            TestNode node = nodes.node(0);
            node.outFaults().rate(OutFault.FAILED, 1);
            assertThat(get(node)).as("down").isZero();

            long started = System.nanoTime();
            assertThatThrownBy(() -> node.cache().get("another")).isInstanceOf(LoadException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(PATIENCE);
        }
    }

    @Test
    void fault08LargeIntegersSurviveTheWire() {
        MemoryLog.Broker broker = new MemoryLog.Broker(2);
        MemoryOut.Store store = new MemoryOut.Store();
        Large large = new Large((1L << 53) + 1, Long.MAX_VALUE);
        for (PublishMode publish : PublishMode.values()) {
            CacheSpec<String, Large> spec = CacheSpec.builder(
                            "large-" + publish, Codecs.string(), JsonCodec.of(Large.class))
                    .publish(publish)
                    .build();
            try (G2Node writer = node(broker, store);
                    G2Node reader = node(broker, store)) {
                G2Cache<String, Large> there = reader.cache(spec);
                WriteToken token = writer.cache(spec).put(KEY, large);
                assertThat(there.get(KEY, token, PATIENCE)).isEqualTo(large);
            }
        }
    }

    private static G2Node node(MemoryLog.Broker broker, MemoryOut.Store store) {
        return G2Node.builder()
                .sync(new MemoryLog(broker))
                .out(new MemoryOut(store))
                .build();
    }

    @Test
    void fault09AnObsoleteEntryIsRefreshedOnceAndAnExpiredOneIsNotServed() {
        try (TwoNodes nodes = new TwoNodes(Settings.byHand(9))) {
            TestNode node = nodes.node(0);
            AtomicInteger loads = new AtomicInteger();
            CacheLoader<String, Long> loader = key -> (long) loads.incrementAndGet();
            node.cache().getAsync(KEY, loader);
            node.executor().runAll();

            nodes.time().advance(Duration.ofMinutes(6));
            nodes.atRest();
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Long> read = node.cache().getAsync(KEY, loader);
                while (!read.isDone() && node.executor().runNext()) {}
                assertThat(read.join()).as("old or refreshed").isLessThanOrEqualTo(2);
            }
            node.executor().runAll();
            assertThat(loads).hasValue(2);

            nodes.time().advance(Duration.ofMinutes(6 * 32));
            nodes.atRest();
            CompletableFuture<Long> expired = node.cache().getAsync(KEY, loader);
            node.executor().runAll();
            assertThat(expired.join()).isEqualTo(3);
        }
    }

    @Test
    void fault10CloseIsQuickAndLosesNoAcceptedWrite() {
        TwoNodes nodes = new TwoNodes(Settings.withThreads(10));
        try (nodes) {
            G2Cache<String, Long> cache = nodes.node(0).cache();
            List<CompletableFuture<WriteToken>> writes = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                writes.add(cache.putAsync("key-" + i, (long) i));
            }
            long started = System.nanoTime();
            nodes.node(0).node().close(PATIENCE);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
            assertThat(writes)
                    .allSatisfy(
                            write -> assertThat(write.get(1, TimeUnit.SECONDS)).isNotNull());
            assertThatThrownBy(() -> cache.get(KEY)).isInstanceOf(NodeClosedException.class);

            WriteToken all = writes.stream()
                    .map(CompletableFuture::join)
                    .reduce(WriteToken::and)
                    .orElseThrow();
            for (int i = 0; i < 500; i++) {
                assertThat(nodes.node(1).cache().get("key-" + i, all, PATIENCE)).isEqualTo(i);
            }
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void fault11AValueOfTheWrongTypePoisonsNothingAndKeysDoNotCollide() {
        try (TwoNodes nodes = new TwoNodes(Settings.withThreads(11))) {
            G2Cache<String, Long> cache = nodes.node(0).cache();
            CacheLoader wrong = key -> "not a number";
            assertThatThrownBy(() -> cache.get(KEY, (CacheLoader<String, Long>) wrong))
                    .isInstanceOf(LoadException.class);
            assertThat(cache.get(KEY)).isZero();

            assertThat(Keys.join("a", 1L, true)).isNotEqualTo(Keys.join("a", 2L, true));
            assertThat(Keys.join("a", 1L, true)).isNotEqualTo(Keys.join("a", 1L, false));
            assertThat(Keys.join("a:b", "c")).isNotEqualTo(Keys.join("a", "b:c"));
            assertThat(Keys.join("a", 1.5)).isNotEqualTo(Keys.join("a", 2.5));
        }
    }
}
