package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidTagException;
import io.g2cache.InvalidValueException;
import io.g2cache.LoadException;
import io.g2cache.PublishMode;
import io.g2cache.SyncLogException;
import io.g2cache.SyncLogException.Outcome;
import io.g2cache.WriteToken;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import io.g2cache.testkit.MemoryOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invalidating by tag. A key's tag is what stands before its colon, and a value's what stands before its. */
class TagsTest {
    private static final int PARTITIONS = 2;

    private final Rig rig = new Rig(PARTITIONS);
    private final AtomicInteger loads = new AtomicInteger();
    private final SyncLog raw = new MemoryLog(rig.broker)
            .open(new LogContext("default", "raw", Duration.ofDays(7), Duration.ofSeconds(60), 1 << 20, rig.time));

    @AfterEach
    void close() {
        rig.close();
        raw.close();
    }

    private static String prefix(String text) {
        return text.substring(0, Math.max(0, text.indexOf(':')));
    }

    private static List<String> tags(String key, String value) {
        List<String> tags = new ArrayList<>(List.of(prefix(key), prefix(value)));
        tags.removeIf(String::isEmpty);
        return tags;
    }

    private G2Cache<String, String> open(G2Node node, UnaryOperator<CacheSpecBuilder<String, String>> change) {
        return node.cache(
                change.apply(Rig.spec().tags(TagsTest::tags).loader(this::load)).build());
    }

    private G2Cache<String, String> open(G2Node node) {
        return open(node, spec -> spec);
    }

    private String load(String key) {
        return "v" + loads.incrementAndGet();
    }

    private void materialised() throws Exception {
        Rig.until(
                "materialised",
                () -> raw.committed().join().equals(raw.endOffsets().join()));
    }

    /** An invalidation by a writer that died as soon as the log had it. */
    private WriteToken invalidateAndDie(String tag) throws Exception {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            offsets.put(p, Rig.get(raw.append(p, new Event.Tag("cities", tag, "dead"))));
        }
        return WriteToken.of(raw.generation(), offsets);
    }

    @Test
    void onlyWhatCarriesTheTagIsDroppedHoweverItCameIn() {
        for (G2Node node : List.of(rig.alone(), rig.withOut(), rig.withLog(), rig.withAll())) {
            G2Cache<String, String> cache = open(node);
            cache.get("red:loaded", key -> "1");
            cache.getAll(List.of("red:bulk", "blue:bulk"), keys -> Map.of("red:bulk", "1", "blue:bulk", "1"));
            cache.refresh("red:refreshed", key -> "1");
            cache.put("red:put", "1");
            cache.putAll(Map.of("red:many", "1", "blue:many", "1"));
            cache.put("by value", "red:1");
            cache.get("blue:loaded", key -> "1");
            cache.put("plain", "1");

            // without waiting, a load may be stored only when the node has read its own event
            node.awaitToken(cache.invalidateTag("red"), Rig.DEADLINE);

            for (String key : List.of("red:loaded", "red:bulk", "red:refreshed", "red:put", "red:many", "by value")) {
                assertThat(cache.get(key, k -> "2")).as(key).isEqualTo("2");
                assertThat(cache.get(key)).as(key).isEqualTo("2");
            }
            for (String key : List.of("blue:bulk", "blue:many", "blue:loaded", "plain")) {
                assertThat(cache.get(key)).as(key).isEqualTo("1");
            }
            assertThat(cache.stats().counter("invalidate_tag")).isEqualTo(1);
        }
    }

    @Test
    void itCostsOneRecordAPartitionWhateverTheNumberOfEntries() {
        G2Cache<String, String> cache = open(rig.withAll());
        for (int i = 0; i < 300; i++) {
            cache.get("red:" + i);
        }
        LogPosition before = raw.endOffsets().join();
        WriteToken token = cache.invalidateTag("red");
        LogPosition end = raw.endOffsets().join();
        for (int p = 0; p < PARTITIONS; p++) {
            assertThat(end.offset(p)).isEqualTo(before.offset(p) + 1);
            assertThat(token.offsets()).containsEntry(p, before.offset(p));
        }
        int loaded = loads.get();
        for (int i = 0; i < 300; i++) {
            cache.get("red:" + i);
        }
        assertThat(loads).hasValue(loaded + 300);
    }

    @Test
    void aPeerDropsItsEntriesToo() throws Exception {
        G2Cache<String, String> here = open(rig.withAll());
        G2Cache<String, String> there = open(rig.peer());
        assertThat(here.get("red:a")).isEqualTo("v1");
        assertThat(there.get("red:a")).isEqualTo("v1");
        WriteToken token = Rig.get(here.invalidateTagAsync("red"));
        assertThat(there.get("red:a", token, Rig.DEADLINE)).isEqualTo("v2");
        assertThat(here.get("red:a")).isEqualTo("v2");
        assertThat(there.stats().counter("event_applied")).isEqualTo(PARTITIONS);
    }

    @Test
    void publishedPutsAndLoadsCarryTheirTags() throws Exception {
        UnaryOperator<CacheSpecBuilder<String, String>> publishing =
                spec -> spec.publish(PublishMode.VALUE).publishLoads(true);
        G2Node node = rig.start(rig.builder().sync(rig.log));
        G2Cache<String, String> here = open(node, publishing);
        G2Node peer = rig.start(rig.builder().sync(new MemoryLog(rig.broker)));
        G2Cache<String, String> there = open(peer, publishing);
        WriteToken put = here.put("red:put", "1");
        here.get("red:loaded", key -> "1");
        peer.awaitToken(put, Rig.DEADLINE);
        Rig.until("the load has arrived", () -> there.estimatedSize() == 2);
        assertThat(there.get("red:put")).isEqualTo("1");
        assertThat(there.get("red:loaded")).isEqualTo("1");
        peer.awaitToken(invalidateAndDie("red"), Rig.DEADLINE);
        assertThat(there.get("red:put", key -> "2")).isEqualTo("2");
        assertThat(there.get("red:loaded", key -> "2")).isEqualTo("2");
    }

    @Test
    void aLoadThatWasUnderWayIsNotStored() throws Exception {
        G2Cache<String, String> here = open(rig.withAll());
        G2Cache<String, String> there = open(rig.peer());
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> slow = rig.start(() -> there.get("red:a", key -> {
            reading.countDown();
            Rig.await(goOn);
            return "old";
        }));
        Rig.await(reading);
        WriteToken token = here.invalidateTag("red");
        assertThat(there.get("red:a", token, Rig.DEADLINE))
                .as("who asks now does not join")
                .isEqualTo("v1");
        goOn.countDown();
        assertThat(Rig.get(slow)).isEqualTo("old");
        assertThat(there.get("red:a")).isEqualTo("v1");
        assertThat(here.get("red:a")).isEqualTo("v1");
    }

    @Test
    void aLoadFromBeforeIsRefusedByTheLocalTier() {
        G2Node node = rig.withLog();
        G2Cache<String, String> cache = open(node);
        String loaded = cache.get("red:a", key -> {
            node.awaitToken(cache.invalidateTag("red"), Rig.DEADLINE);
            return "old";
        });
        assertThat(loaded).isEqualTo("old");
        assertThat(cache.stats().counter("fill_rejected")).isEqualTo(1);
        assertThat(cache.estimatedSize()).isZero();
        cache.get("blue:a", key -> {
            node.awaitToken(cache.invalidateTag("red"), Rig.DEADLINE);
            return "current";
        });
        assertThat(cache.get("blue:a")).isEqualTo("current");
    }

    @Test
    void aLateNodeRefusesWhatADeadWriterLeftInTheOutTier() throws Exception {
        G2Cache<String, String> here = open(rig.withAll());
        here.get("red:a");
        here.get("blue:a");
        invalidateAndDie("red");
        materialised();
        rig.time.advance(Duration.ofMinutes(2));

        G2Cache<String, String> late = open(rig.peer());
        assertThat(late.get("blue:a")).isEqualTo("v2");
        assertThat(late.get("red:a")).isEqualTo("v3");
        assertThat(late.stats().counter("out_stale")).isEqualTo(1);
        assertThat(late.stats().counter("heal")).isEqualTo(1);
        assertThat(open(rig.peer()).get("red:a"))
                .as("the out tier has the new one")
                .isEqualTo("v3");
    }

    @Test
    void aLateNodeTakesTheFloorsThatTheWriterHasRaised() {
        G2Node writer = rig.start(rig.builder().out(rig.out));
        G2Cache<String, String> here = open(writer);
        here.get("red:a");
        here.get("blue:a");
        here.invalidateTag("red");
        rig.time.advance(Duration.ofMinutes(2));
        G2Cache<String, String> late = open(rig.start(rig.builder().out(new MemoryOut(rig.store))));
        assertThat(late.get("blue:a")).isEqualTo("v2");
        assertThat(late.get("red:a")).isEqualTo("v3");
    }

    @Test
    void whatIsPreloadedFromTheLogMissesWhatWasInvalidated() throws Exception {
        UnaryOperator<CacheSpecBuilder<String, String>> publishing = spec -> spec.publish(PublishMode.VALUE);
        G2Cache<String, String> here = open(rig.start(rig.builder().sync(rig.log)), publishing);
        here.put("red:before", "1");
        here.put("blue:before", "1");
        here.invalidateTag("red");
        here.put("red:after", "1");
        rig.time.advance(Duration.ofMinutes(2));
        G2Cache<String, String> late = open(
                rig.start(rig.builder().sync(new MemoryLog(rig.broker))),
                spec -> publishing.apply(spec).preload(true));
        assertThat(late.get("red:before", key -> "2")).isEqualTo("2");
        assertThat(late.get("blue:before", key -> "2")).isEqualTo("1");
        assertThat(late.get("red:after", key -> "2")).isEqualTo("1");
    }

    private G2Cache<String, String> kept(MemoryLocal.Disk disk) {
        return open(rig.start(rig.builder().local(new MemoryLocal(disk)).sync(new MemoryLog(rig.broker))));
    }

    @Test
    void aNodeThatWasAwayServesNothingThatWasInvalidatedMeanwhile() throws Exception {
        MemoryLocal.Disk disk = new MemoryLocal.Disk();
        G2Node node = rig.builder()
                .local(new MemoryLocal(disk))
                .sync(new MemoryLog(rig.broker))
                .build();
        G2Cache<String, String> before = open(node);
        before.get("red:a");
        before.get("blue:a");
        node.close(Duration.ofSeconds(5));
        invalidateAndDie("red");
        raw.append(0, new Event.Tag("rivers", "blue", "peer")).join();
        rig.time.advance(Duration.ofMinutes(2));
        G2Cache<String, String> after = kept(disk);
        assertThat(after.stats().counter("event_replayed")).isEqualTo(PARTITIONS);
        assertThat(after.get("blue:a")).isEqualTo("v2");
        assertThat(after.get("red:a")).isEqualTo("v3");
    }

    @Test
    void aRestartedNodeRemembersWhatWasInvalidatedBeforeItsCheckpoint() {
        MemoryLocal.Disk disk = new MemoryLocal.Disk();
        G2Node node = rig.builder()
                .local(new MemoryLocal(disk))
                .sync(new MemoryLog(rig.broker))
                .build();
        G2Cache<String, String> before = open(node);
        before.get("red:a");
        before.get("blue:a");
        node.awaitToken(before.invalidateTag("red"), Rig.DEADLINE);
        node.close(Duration.ofSeconds(5));
        rig.time.advance(Duration.ofMinutes(2));
        G2Cache<String, String> after = kept(disk);
        assertThat(after.stats().counter("event_replayed")).isZero();
        assertThat(after.stats().counter("cold_start")).isZero();
        assertThat(after.get("blue:a")).isEqualTo("v2");
        assertThat(after.get("red:a")).isEqualTo("v3");
    }

    @Test
    void withoutALogAKillDoesNotUndoIt() {
        MemoryLocal.Disk disk = new MemoryLocal.Disk();
        open(rig.start(rig.builder().local(new MemoryLocal(disk)))).get("red:a");
        rig.close();
        open(rig.start(rig.builder().local(new MemoryLocal(disk)))).invalidateTag("red"); // and is killed
        assertThat(open(rig.start(rig.builder().local(new MemoryLocal(disk)))).get("red:a"))
                .isEqualTo("v2");
    }

    @Test
    void whatTheLogDidNotTakeIsReported() {
        G2Cache<String, String> cache = open(rig.withAll());
        cache.get("red:a");
        rig.logFaults.rate(LogFault.APPEND_FAILED, 1);
        assertThatThrownBy(() -> cache.invalidateTag("red"))
                .isInstanceOfSatisfying(
                        SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.FAILED))
                .hasMessageContaining("0 of 2 partitions")
                .hasMessageContaining("tag='red'");
        assertThat(cache.get("red:a")).isEqualTo("v1");
        rig.logFaults.heal();
        rig.logFaults.next(LogFault.APPEND_UNKNOWN_LOST);
        assertThatThrownBy(() -> cache.invalidateTag("red"))
                .isInstanceOfSatisfying(
                        SyncLogException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(cache.stats().counter("write_failure")).isEqualTo(2);
        assertThat(cache.stats().counter("invalidate_tag")).isZero();
    }

    @Test
    void moreTagsThanThereIsRoomForMakeEverythingOlderInvalid() throws Exception {
        G2Node node = rig.start(rig.builder().tagFloorCapacity(1024).sync(rig.log));
        G2Cache<String, String> cache = open(node);
        cache.get("red:a");
        cache.get("blue:a");
        cache.invalidateTag("red");
        for (int i = 0; i < 1024; i++) {
            cache.invalidateTag("other " + i);
        }
        assertThat(cache.get("red:a")).isEqualTo("v3");
        assertThat(cache.get("blue:a")).isEqualTo("v4");
        Rig.until("counted", () -> cache.stats().counter("tag_floor_overflow") > 0);
    }

    @Test
    void whatATaggerDoesWrongReachesTheCaller() throws Exception {
        String[] many = new String[17];
        Arrays.setAll(many, i -> "tag " + i);
        Map<String, List<String>> bad = new HashMap<>();
        bad.put("many", List.of(many));
        bad.put("empty", List.of("good", ""));
        bad.put("long", List.of("ü".repeat(128) + "x"));
        bad.put("none", Collections.singletonList(null));
        G2Cache<String, String> cache = rig.withAll()
                .cache(Rig.spec()
                        .tags((key, value) -> {
                            if (key.equals("throws")) {
                                throw new IllegalStateException("a test");
                            }
                            return bad.getOrDefault(key, List.of("good", "good", "ü".repeat(128)));
                        })
                        .build());
        Map<String, String> said =
                Map.of("many", "tags=17", "empty", "bytes=0", "long", "bytes=257", "none", "null", "throws", "a test");
        for (Map.Entry<String, String> one : said.entrySet()) {
            String key = one.getKey();
            Class<? extends Throwable> cause =
                    key.equals("throws") ? IllegalStateException.class : InvalidTagException.class;
            assertThatThrownBy(() -> cache.put(key, "v"))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining(one.getValue())
                    .hasCauseInstanceOf(cause);
            assertThatThrownBy(() -> cache.get(key, k -> "v")).isInstanceOf(LoadException.class);
            assertThatThrownBy(() -> cache.refresh(key, k -> "v")).isInstanceOf(LoadException.class);
            assertThatThrownBy(() -> cache.getAll(List.of(key), keys -> Map.of(key, "v")))
                    .isInstanceOf(LoadException.class);
            assertThat(Rig.failure(cache.putAsync(key, "v"))).isInstanceOf(InvalidValueException.class);
            assertThat(cache.get(key)).isNull();
        }
        cache.put("fine", "v");
        assertThat(cache.get("fine")).isEqualTo("v");
    }

    @Test
    void tagsBeyondTheLimitsAreRefused() throws Exception {
        G2Cache<String, String> cache = open(rig.withAll());
        for (String bad : Arrays.asList(null, "", "x".repeat(257))) {
            assertThatThrownBy(() -> cache.invalidateTag(bad)).isInstanceOf(InvalidTagException.class);
            assertThat(Rig.failure(cache.invalidateTagAsync(bad))).isInstanceOf(InvalidTagException.class);
        }
        assertThatThrownBy(() -> cache.invalidateTag("x".repeat(257)))
                .hasMessageContaining("bytes=257")
                .hasMessageContaining("256");
        cache.invalidateTag("x".repeat(256));
        for (int bad : new int[] {1023, (1 << 20) + 1}) {
            assertThatThrownBy(() -> rig.builder().tagFloorCapacity(bad)).hasMessageContaining("=" + bad);
        }
    }

    @Test
    void theLargestValueMayHaveAsManyTagsAsThereMayBe() {
        String[] many = new String[16];
        Arrays.setAll(many, i -> "tag " + i);
        G2Cache<String, String> cache = rig.withAll()
                .cache(Rig.spec()
                        .maximumValueBytes(100)
                        .tags((key, value) -> List.of(many))
                        .build());
        cache.put("a", "x".repeat(100));
        assertThat(cache.get("a")).hasSize(100);
        assertThat(cache.stats().counter("local_failure")).isZero();
        assertThatThrownBy(() -> cache.put("a", "x".repeat(101)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("bytes=101");
        cache.invalidateTag("tag 15");
        assertThat(cache.get("a")).isNull();
    }
}
