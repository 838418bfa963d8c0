package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CatchUp;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.NodeState;
import io.g2cache.PublishMode;
import io.g2cache.SyncLogException;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Entry;
import io.g2cache.spi.Event;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalCache;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.Restored;
import io.g2cache.spi.SyncLog;
import io.g2cache.spi.ValueFormat;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bringing a local tier up to date: in order, in front of its callers or behind their backs, or from nothing. */
class ReplayTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final Rig rig = new Rig(3);
    private final MemoryLocal.Disk disk = new MemoryLocal.Disk();
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    private io.g2cache.CacheSpecBuilder<String, String> spec() {
        return Rig.spec()
                .publish(PublishMode.VALUE)
                .lifetime(Lifetime.hard(LONG))
                .loader(key -> "loaded" + loads.incrementAndGet());
    }

    private G2Node node() {
        return rig.start(rig.builder().local(new MemoryLocal(disk)).sync(rig.log));
    }

    private G2Cache<String, String> writer() {
        return rig.start(rig.builder().sync(new MemoryLog(rig.broker))).cache(spec().build());
    }

    /** Later than anything that a node reads at its start without a checkpoint. */
    private void afterTheFenceWindow() {
        rig.time.advance(Duration.ofMinutes(10));
    }

    private void holdSome(int entries) {
        G2Node first = rig.builder()
                .local(new MemoryLocal(disk))
                .sync(new MemoryLog(rig.broker))
                .build();
        G2Cache<String, String> cache = first.cache(spec().build());
        for (int i = 0; i < entries; i++) {
            cache.put("k" + i, "before");
        }
        first.close(Duration.ofSeconds(5));
    }

    @Test
    void putsFromBeforeTheTailersStartAreTakenOverWithTheirValues() {
        holdSome(20);
        G2Cache<String, String> writer = writer();
        for (int i = 0; i < 10; i++) {
            writer.put("k" + i, "meanwhile");
        }
        writer.put("k0", "last");
        writer.invalidate("k1");
        afterTheFenceWindow();
        G2Cache<String, String> cache = node().cache(spec().build());
        assertThat(cache.get("k0")).isEqualTo("last");
        assertThat(cache.get("k5")).isEqualTo("meanwhile");
        assertThat(cache.get("k15")).isEqualTo("before");
        assertThat(loads).hasValue(0);
        assertThat(cache.get("k1")).isEqualTo("loaded1");
    }

    @Test
    void anEmptyTierIsFilledFromTheValuesInTheLog() {
        G2Cache<String, String> writer = writer();
        for (int i = 0; i < 50; i++) {
            writer.put("k" + i, "old");
            writer.put("k" + i, "value" + i);
        }
        writer.invalidate("k7");
        afterTheFenceWindow();
        G2Cache<String, String> cache = node().cache(spec().preload(true).build());
        for (int i = 0; i < 50; i++) {
            assertThat(cache.get("k" + i)).isEqualTo(i == 7 ? "loaded1" : "value" + i);
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void aClearEndsWhatWasPutBeforeItInTheReplayToo() {
        G2Cache<String, String> writer = writer();
        writer.put("a", "before");
        writer.clear();
        writer.put("b", "after");
        afterTheFenceWindow();
        G2Cache<String, String> cache = node().cache(spec().preload(true).build());
        assertThat(cache.get("b")).isEqualTo("after");
        assertThat(cache.get("a")).isEqualTo("loaded1");
    }

    @Test
    void expiredValuesOfTheLogAreNotServed() {
        writer().put("a", "old", Lifetime.hard(Duration.ofMinutes(5)));
        afterTheFenceWindow();
        G2Cache<String, String> cache = node().cache(spec().preload(true).build());
        assertThat(cache.get("a")).isEqualTo("loaded1");
    }

    @Test
    void entriesAreServedWhileTheyAreBroughtUpToDateAsLongAsTheirStalenessIsProven() throws Exception {
        holdSome(5);
        writer().invalidate("k0");
        rig.log.holdBackTail(Long.MAX_VALUE);
        G2Node node = rig.start(rig.builder()
                .awaitReady(false)
                .startTimeout(Duration.ofMinutes(1))
                .local(new MemoryLocal(disk))
                .sync(rig.log));
        G2Cache<String, String> cache =
                node.cache(spec().serveWhileCatchingUp(Duration.ofSeconds(10)).build());
        Rig.until("served though behind", () -> "before".equals(cache.get("k1")));
        assertThat(node.status().state()).isEqualTo(NodeState.CATCHING_UP);
        assertThat(node.status().catchUp().eventsToDo()).isPositive();
        assertThat(cache.get("k0")).isEqualTo("before");

        rig.time.advance(Duration.ofSeconds(10));
        assertThat(cache.get("k0")).startsWith("loaded");

        rig.log.holdBackTail(0);
        Rig.until("ready", () -> node.status().state() == NodeState.READY);
        int before = loads.get();
        assertThat(cache.get("k1")).isIn("before", "loaded" + before);
        assertThat(node.status().catchUp()).isEqualTo(CatchUp.NONE);
    }

    @Test
    void aTokenIsWaitedForByACacheThatIsStillBehind() throws Exception {
        holdSome(5);
        WriteToken token = writer().invalidate("k0");
        rig.log.holdBackTail(Long.MAX_VALUE);
        G2Node node = rig.start(
                rig.builder().awaitReady(false).local(new MemoryLocal(disk)).sync(rig.log));
        G2Cache<String, String> cache =
                node.cache(spec().serveWhileCatchingUp(Duration.ofSeconds(10)).build());
        Rig.until("served though behind", () -> "before".equals(cache.get("k0")));
        assertThatThrownBy(() -> cache.get("k0", token, Duration.ZERO)).isInstanceOf(SyncLogException.class);
        var later = rig.start(() -> cache.get("k0", token, Duration.ofSeconds(20)));
        rig.log.holdBackTail(0);
        assertThat(Rig.get(later)).startsWith("loaded");
    }

    @Test
    void aNodeThatDoesNotWaitTellsHowFarItIs() throws Exception {
        G2Cache<String, String> writer = writer();
        for (int i = 0; i < 30; i++) {
            writer.invalidate("k" + i);
        }
        rig.log.holdBackTail(Long.MAX_VALUE);
        List<CatchUp> heard = new CopyOnWriteArrayList<>();
        G2Node node =
                rig.start(rig.builder().awaitReady(false).onCatchUp(heard::add).sync(rig.log));
        assertThat(node.status().state()).isEqualTo(NodeState.CATCHING_UP);
        assertThat(node.status().catchUp().eventsToDo()).isGreaterThanOrEqualTo(30);
        G2Cache<String, String> cache = node.cache(spec().build());
        assertThat(cache.get("a")).isEqualTo("loaded1");
        rig.log.holdBackTail(0);
        Rig.until("ready", () -> node.status().state() == NodeState.READY);
        Rig.until(
                "the end is heard of",
                () -> !heard.isEmpty() && heard.get(heard.size() - 1).eventsToDo() == 0);
        assertThat(new ArrayList<>(heard)).allMatch(at -> at.fraction() >= 0 && at.fraction() <= 1);
    }

    @Test
    void oneCacheThatReplaysKeepsNoOtherOut() throws Exception {
        holdSome(5);
        rig.log.holdBackTail(Long.MAX_VALUE);
        G2Node node = rig.start(
                rig.builder().awaitReady(false).local(new MemoryLocal(disk)).sync(rig.log));
        node.cache(spec().build());
        G2Cache<String, String> other = node.cache(io.g2cache.CacheSpec.builder(
                        "other", io.g2cache.codec.Codecs.string(), io.g2cache.codec.Codecs.string())
                .loader(key -> "x")
                .build());
        assertThat(other.get("a")).isEqualTo("x");
        rig.log.holdBackTail(0);
        Rig.until("ready", () -> node.status().state() == NodeState.READY);
    }

    /** A resurrected value of the out tier was copied, and the node went down before the redo came to it. */
    @Test
    void aRedoDropsFromAKeptTierWhatItHadCopiedInTheMeantime() {
        holdSome(3);
        G2Cache<String, String> writer = writer();
        WriteToken invalidated = writer.invalidate("k1");
        int partition = invalidated.offsets().keySet().iterator().next();
        long offset = invalidated.offsets().get(partition);
        afterTheFenceWindow();
        G2Node first = rig.builder()
                .local(new MemoryLocal(disk))
                .sync(new MemoryLog(rig.broker))
                .build();
        first.cache(spec().build());
        first.close(Duration.ofSeconds(5));
        plant("k1", offset - 1);
        SyncLog log = new MemoryLog(rig.broker)
                .open(new LogContext("default", "other", LONG, Duration.ofMinutes(1), 1 << 20, rig.time));
        log.append(partition, new Event.Redo(offset, offset + 1, "other")).join();
        afterTheFenceWindow();

        G2Cache<String, String> cache = node().cache(spec().build());
        assertThat(cache.get("k1")).isEqualTo("loaded1");
        assertThat(cache.get("k2")).isEqualTo("before");
    }

    private void plant(String key, long version) {
        SyncLog log = new MemoryLog(rig.broker)
                .open(new LogContext("default", "other", LONG, Duration.ofMinutes(1), 1 << 20, rig.time));
        KeySpace space = new KeySpace("cities", log.partitions());
        ValueFormat<String> format = new ValueFormat<>(Codecs.string());
        LocalCache<String, String> tier = new MemoryLocal(disk)
                .open(new LocalContext<>(
                        "cities",
                        space,
                        Codecs.string(),
                        format,
                        Floors.NONE,
                        1_000,
                        64,
                        1 << 20,
                        false,
                        log.generation(),
                        rig.time));
        Restored restored = Objects.requireNonNull(tier.restored());
        long hard = rig.time.wallMillis() + LONG.toMillis();
        assertThat(tier.fill(
                        space.key(Codecs.string().encode(key)),
                        Entry.value(version, hard, hard, format.encode("resurrected")),
                        (k, v) -> true))
                .isTrue();
        tier.checkpoint(restored.checkpoint());
        tier.close();
    }
}
