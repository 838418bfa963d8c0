package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.G2NodeBuilder;
import io.g2cache.Lifetime;
import io.g2cache.NodeClosedException;
import io.g2cache.PublishMode;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Event;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.SyncLogProvider;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A local tier that outlives its node: what it may serve at the next start, and what not. */
class WarmRestartTest {
    private final Rig rig = new Rig();
    private final MemoryLocal.Disk disk = new MemoryLocal.Disk();
    private final AtomicInteger loads = new AtomicInteger();
    private String row = "old";

    @AfterEach
    void close() {
        rig.close();
    }

    private G2NodeBuilder persistent() {
        return rig.builder().local(new MemoryLocal(disk));
    }

    private G2Cache<String, String> open(G2NodeBuilder builder) {
        return open(builder.build());
    }

    private G2Cache<String, String> open(G2Node node) {
        return node.cache(Rig.spec()
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .publish(PublishMode.INVALIDATE)
                .loader(key -> {
                    loads.incrementAndGet();
                    return row;
                })
                .build());
    }

    private G2NodeBuilder onLog() {
        return persistent().sync(new MemoryLog(rig.broker));
    }

    /** So late that the new node does not read by itself what has happened meanwhile. */
    private G2Cache<String, String> reopen() {
        rig.time.advance(Duration.ofMinutes(2));
        return open(onLog());
    }

    /** Starts a node, loads a key and ends the node. */
    private void loadAndClose(G2NodeBuilder builder) {
        G2Node node = builder.build();
        assertThat(open(node).get("a")).isEqualTo("old");
        node.close(Duration.ofSeconds(5));
        assertThat(loads).hasValue(1);
        row = "new";
    }

    private long count(G2Cache<?, ?> cache, String counter) {
        return cache.stats().counters().getOrDefault(counter, -1L);
    }

    @Test
    void servesWhatItHeldBeforeWithoutALoad() {
        loadAndClose(onLog());
        G2Cache<String, String> cache = reopen();
        assertThat(cache.get("a")).isEqualTo("old");
        assertThat(loads).hasValue(1);
        assertThat(count(cache, "cold_start")).isZero();
    }

    @Test
    void servesNothingThatWasInvalidatedMeanwhile() {
        loadAndClose(onLog());
        rig.peer().cache(Rig.spec().build()).invalidate("a");
        G2Cache<String, String> cache = reopen();
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(count(cache, "event_replayed")).isEqualTo(1);
    }

    @Test
    void servesNothingThatWasPutMeanwhile() {
        loadAndClose(onLog());
        rig.peer().cache(Rig.spec().publish(PublishMode.VALUE).build()).put("a", "put");
        assertThat(reopen().get("a")).isIn("put", "new");
    }

    @Test
    void servesNothingThatWasClearedMeanwhile() {
        loadAndClose(onLog());
        rig.peer().cache(Rig.spec().build()).clear();
        assertThat(reopen().get("a")).isEqualTo("new");
    }

    @Test
    void servesNothingThatWasClearedBeforeTheCheckpoint() {
        G2Node node = onLog().build();
        G2Cache<String, String> before = open(node);
        assertThat(before.get("a")).isEqualTo("old");
        before.clear();
        node.close(Duration.ofSeconds(5));
        row = "new";
        assertThat(reopen().get("a")).isEqualTo("new");
    }

    @Test
    void anEventThatNobodyCanReadMeanwhileEmptiesThePartition() {
        loadAndClose(onLog());
        append(new Event.Unreadable(null, null, "foreign bytes"));
        assertThat(reopen().get("a")).isEqualTo("new");
    }

    @Test
    void anEventWithAReadableKeyDropsThatKey() {
        loadAndClose(onLog());
        append(new Event.Unreadable("cities", Codecs.string().encode("a"), "foreign value"));
        assertThat(reopen().get("a")).isEqualTo("new");
    }

    @Test
    void eventsOfOtherCachesAndOtherKeysChangeNothing() {
        loadAndClose(onLog());
        append(new Event.Invalidate("rivers", Codecs.string().encode("a"), "peer"));
        append(new Event.Clear("rivers", "peer"));
        append(new Event.Invalidate("cities", Codecs.string().encode("b"), "peer"));
        append(new Event.Unreadable("rivers", Codecs.string().encode("a"), "foreign value"));
        assertThat(reopen().get("a")).isEqualTo("old");
    }

    private void append(Event event) {
        SyncLog log = new MemoryLog(rig.broker)
                .open(new LogContext("default", "peer", Duration.ofDays(7), Duration.ofMinutes(1), 1 << 20, rig.time));
        log.append(new KeySpace("cities", 1).key(new byte[1]).partition(), event)
                .join();
    }

    @Test
    void startsEmptyOnALogThatEndsBeforeTheCheckpoint() {
        G2Node node = onLog().build();
        G2Cache<String, String> before = open(node);
        before.invalidate("b");
        node.awaitToken(before.invalidate("c"), Rig.DEADLINE);
        assertThat(before.get("a")).isEqualTo("old");
        node.close(Duration.ofSeconds(5));
        row = "new";
        G2Cache<String, String> cache = open(persistent().sync(new MemoryLog(new MemoryLog.Broker(1))));
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(count(cache, "cold_start")).isEqualTo(1);
    }

    @Test
    void dropsWhatRetentionHasPassed() {
        loadAndClose(onLog());
        G2Cache<String, String> peers = rig.peer().cache(Rig.spec().build());
        peers.invalidate("a");
        peers.invalidate("b");
        rig.time.advance(Duration.ofMinutes(2));
        G2Cache<String, String> cache = open(persistent().sync(startingAtItsEnd(new MemoryLog(rig.broker))));
        assertThat(count(cache, "event_replayed")).isZero();
        assertThat(cache.get("a")).isEqualTo("new");
        row = "newer";
        assertThat(cache.get("a")).isEqualTo("new");
    }

    /** A log whose retention has deleted everything. */
    private static SyncLogProvider startingAtItsEnd(SyncLogProvider provider) {
        return new SyncLogProvider() {
            @Override
            public String name() {
                return provider.name();
            }

            @Override
            public SyncLog open(LogContext context) {
                SyncLog log = provider.open(context);
                LogPosition start = log.endOffsets().join();
                return (SyncLog) Proxy.newProxyInstance(
                        SyncLog.class.getClassLoader(),
                        new Class<?>[] {SyncLog.class},
                        (proxy, method, arguments) -> method.getName().equals("startOffsets")
                                ? CompletableFuture.completedFuture(start)
                                : method.invoke(log, arguments));
            }
        };
    }

    @Test
    void startsEmptyWhereTheReplayTakesTooLong() throws Exception {
        loadAndClose(onLog());
        rig.peer().cache(Rig.spec().build()).invalidate("b");
        G2Node node = persistent().sync(rig.log).build();
        rig.log.holdBackTail(1);
        CompletableFuture<G2Cache<String, String>> opening = rig.start(() -> open(node));
        Rig.until("opened", () -> {
            rig.time.advance(Duration.ofMillis(100));
            return opening.isDone();
        });
        G2Cache<String, String> cache = opening.join();
        Rig.until("given up, by whoever replays when the time is over", () -> count(cache, "cold_start") == 1);
        assertThat(cache.get("a")).isEqualTo("new");
        node.close(Duration.ofSeconds(5));
    }

    @Test
    void aNodeThatIsClosedDuringTheReplayKeepsWhatWasThereForTheNextStart() throws Exception {
        loadAndClose(onLog());
        rig.peer().cache(Rig.spec().build()).invalidate("a");
        G2Node node = persistent().sync(rig.log).build();
        rig.log.holdBackTail(2);
        CompletableFuture<G2Cache<String, String>> opening = rig.start(() -> open(node));
        Rig.until("the cache is being opened", () -> !node.caches().isEmpty());
        node.close(Duration.ofSeconds(5));
        assertThat(Rig.failure(opening)).isInstanceOf(NodeClosedException.class);

        G2Cache<String, String> cache = reopen();
        assertThat(cache.get("a")).isEqualTo("new");
        assertThat(count(cache, "event_replayed")).isEqualTo(1);
        assertThat(count(cache, "cold_start")).isZero();
    }

    @Test
    void withoutALogTheClockGoesOnAfterWhatWasKept() {
        loadAndClose(persistent());
        rig.time.wallMillis(Rig.NOW - Duration.ofHours(1).toMillis());
        G2Cache<String, String> cache = open(persistent());
        assertThat(cache.get("a")).isEqualTo("old");
        cache.invalidate("a");
        assertThat(cache.get("a")).isEqualTo("new");
    }
}
