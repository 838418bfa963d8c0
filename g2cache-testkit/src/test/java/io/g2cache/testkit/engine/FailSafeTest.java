package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidLifetimeException;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.WhenLogIsAway;
import io.g2cache.WriteQueue;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Event;
import io.g2cache.spi.LogContext;
import io.g2cache.spi.SyncLog;
import io.g2cache.testkit.LogFault;
import io.g2cache.testkit.ManualAgents;
import io.g2cache.testkit.MemoryLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An expired entry is served while the source is down, and only then, and never one that was made invalid. */
class FailSafeTest {
    private static final Duration HARD = Duration.ofSeconds(10);
    private static final Duration KEPT = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean down;

    @AfterEach
    void close() {
        rig.close();
    }

    private String load(String key) throws IOException {
        int call = calls.incrementAndGet();
        if (down) {
            throw new IOException("down");
        }
        return key + call;
    }

    private CacheSpecBuilder<String, String> spec() {
        return Rig.spec().lifetime(Lifetime.hard(HARD)).failSafeFor(KEPT).loader(this::load);
    }

    private static long failSafeHits(G2Cache<?, ?> cache) {
        return cache.stats().counter("fail_safe_hit");
    }

    private static void assertFails(G2Cache<String, String> cache, String key) {
        assertThatThrownBy(() -> cache.get(key))
                .isInstanceOf(LoadException.class)
                .hasRootCauseMessage("down");
    }

    @Test
    void anExpiredEntryIsServedOnlyWhileTheLoaderFailsAndOnlyForItsTime() {
        G2Cache<String, String> cache = rig.alone().cache(spec().build());
        assertThat(cache.get("a")).isEqualTo("a1");
        rig.time.advance(HARD);
        down = true;
        assertThat(cache.get("a")).isEqualTo("a1");
        assertThat(calls).hasValue(2);
        assertThat(failSafeHits(cache)).isEqualTo(1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        rig.time.advance(KEPT.minusMillis(1));
        assertThat(cache.getAsync("a").join()).isEqualTo("a1");
        assertThat(cache.getAll(List.of("a"))).isEqualTo(Map.of("a", "a1"));
        assertThat(failSafeHits(cache)).isEqualTo(3);
        rig.time.advance(Duration.ofMillis(1));
        assertFails(cache, "a");
        down = false;
        assertThat(cache.get("a")).isEqualTo("a6");
        assertThat(failSafeHits(cache)).isEqualTo(3);
    }

    @Test
    void aWorkingLoaderIsPreferred() {
        G2Cache<String, String> cache = rig.withOut().cache(spec().build());
        assertThat(cache.get("a")).isEqualTo("a1");
        rig.time.advance(HARD);
        assertThat(cache.get("a")).isEqualTo("a2");
        assertThat(failSafeHits(cache)).isZero();
    }

    @Test
    void withoutALoaderAnExpiredEntryIsNotServed() {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        G2Cache<String, String> keeping = rig.alone()
                .cache(Rig.spec()
                        .lifetime(Lifetime.hard(HARD))
                        .failSafeFor(KEPT)
                        .build());
        keeping.put("a", "old");
        rig.time.advance(HARD);
        assertThat(keeping.get("a")).isNull();
        assertThat(cache.get("a")).isNull();
    }

    @Test
    void upkeepDropsExpiredEntriesOnlyWhenTheirTimeIsUp() {
        ManualAgents agents = new ManualAgents();
        G2Cache<String, String> cache =
                rig.start(rig.builder().agentScheduler(agents)).cache(spec().build());
        cache.get("a");
        rig.time.advance(HARD.plus(KEPT).minusMillis(1));
        agents.cycle("housekeeper");
        assertThat(cache.estimatedSize()).isEqualTo(1);
        rig.time.advance(Duration.ofMillis(1));
        agents.cycle("housekeeper");
        assertThat(cache.estimatedSize()).isZero();
    }

    @Test
    void anExpiredEntryOfTheOutTierIsServedToo() {
        CacheSpec<String, String> spec = spec().build();
        rig.peer().cache(spec).get("a");
        G2Cache<String, String> other = rig.peer().cache(spec);
        rig.time.advance(HARD);
        down = true;
        assertThat(other.get("a")).isEqualTo("a1");
        assertThat(failSafeHits(other)).isEqualTo(1);
        rig.time.advance(KEPT);
        assertFails(other, "a");
    }

    @Test
    void aKnownAbsenceIsServedToo() {
        CacheSpec<String, String> spec = spec().absentLifetime(Lifetime.hard(HARD))
                .loader(key -> {
                    calls.incrementAndGet();
                    if (down) {
                        throw new IOException("down");
                    }
                    return null;
                })
                .build();
        G2Cache<String, String> cache = rig.withOut().cache(spec);
        for (int i = 0; i < 100; i++) {
            assertThat(cache.get("nobody")).isNull();
        }
        assertThat(calls).hasValue(1);
        rig.time.advance(HARD);
        down = true;
        assertThat(cache.get("nobody")).isNull();
        assertThat(failSafeHits(cache)).isEqualTo(1);
        rig.time.advance(KEPT);
        assertFails(cache, "nobody");
    }

    @Test
    void whatAnInvalidationOrAClearHasMadeInvalidIsGone() {
        G2Cache<String, String> cache = rig.withAll().cache(spec().build());
        cache.getAll(List.of("a", "b"));
        rig.time.advance(HARD);
        cache.invalidate("a");
        down = true;
        assertFails(cache, "a");
        assertThat(cache.get("b")).startsWith("b");
        cache.clear();
        assertFails(cache, "b");
    }

    @Test
    void whatIsInvalidatedWhileTheLoadIsUnderWayIsGone() {
        G2Cache<String, String> cache = rig.withAll().cache(spec().build());
        cache.get("a");
        rig.time.advance(HARD);
        assertThatThrownBy(() -> cache.get("a", key -> {
                    cache.invalidate("a");
                    throw new IOException("down");
                }))
                .isInstanceOf(LoadException.class)
                .hasRootCauseMessage("down");
        assertThat(failSafeHits(cache)).isZero();
    }

    @Test
    void whatAnInvalidatedTagHasMadeInvalidIsGone() {
        G2Cache<String, String> cache =
                rig.withAll().cache(spec().tags((key, value) -> List.of("red")).build());
        cache.get("a");
        rig.time.advance(HARD);
        cache.invalidateTag("red");
        down = true;
        assertFails(cache, "a");
    }

    @Test
    void aKeyWhoseWriteWaitsForTheLogIsGone() {
        G2Node node = rig.start(rig.builder().out(rig.out).sync(rig.log).writeQueue(WriteQueue.in(directory)));
        G2Cache<String, String> cache =
                node.cache(spec().whenLogIsAway(WhenLogIsAway.QUEUE).build());
        cache.getAll(List.of("a", "b"));
        rig.time.advance(HARD);
        rig.logFaults.rate(LogFault.APPEND_FAILED, 1);
        assertThat(cache.invalidate("a").isQueued()).isTrue();
        down = true;
        assertFails(cache, "a");
        assertThat(cache.get("b")).startsWith("b");
    }

    @Test
    void whatMayBeStaleIsNotServed() throws Exception {
        G2Node node = rig.start(rig.builder().sync(rig.log).maxStaleness(HARD));
        G2Cache<String, String> cache = node.cache(spec().build());
        assertThat(cache.get("a")).isEqualTo("a1");
        Rig.until("fresh", () -> node.status().lagMillis() == 0);
        rig.log.holdBackTail(Long.MAX_VALUE);
        SyncLog log = new MemoryLog(rig.broker)
                .open(new LogContext("default", "other", Duration.ofDays(7), HARD, 1 << 20, rig.time));
        Rig.until("behind", () -> {
            log.append(0, new Event.Invalidate("cities", Codecs.string().encode("b"), "other"))
                    .join();
            return node.status().lagEvents() > 1;
        });
        rig.time.advance(HARD);
        down = true;
        assertFails(cache, "a");
        rig.log.holdBackTail(0);
        Rig.until("fresh again", () -> node.status().lagEvents() == 0);
        Rig.until("served again", () -> {
            try {
                return "a1".equals(cache.get("a"));
            } catch (LoadException e) {
                return false;
            }
        });
    }

    @Test
    void anExplicitRefreshTellsItsFailure() {
        G2Cache<String, String> cache = rig.alone().cache(spec().build());
        cache.get("a");
        rig.time.advance(HARD);
        down = true;
        assertThatThrownBy(() -> cache.refresh("a")).isInstanceOf(LoadException.class);
        assertThat(failSafeHits(cache)).isZero();
    }

    @Test
    void whatIsKeptIsBoundedByTheMaximumLifetime() {
        Lifetime lifetime = Lifetime.hard(Duration.ofDays(6));
        assertThatThrownBy(() -> Rig.spec()
                        .lifetime(lifetime)
                        .maximumLifetime(Duration.ofDays(7))
                        .failSafeFor(Duration.ofDays(1).plusMillis(1))
                        .build())
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("failSafeFor=PT24H0.001S")
                .hasMessageContaining("maximumLifetime=PT168H");
        G2Node node = rig.alone();
        assertThatThrownBy(() -> node.cache(Rig.spec()
                        .lifetime(lifetime)
                        .failSafeFor(Duration.ofDays(2))
                        .build()))
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("hard=PT144H and failSafeFor=PT48H together exceeds maximumLifetime=PT168H");
        G2Cache<String, String> cache =
                node.cache(Rig.spec().failSafeFor(Duration.ofDays(2)).build());
        assertThatThrownBy(() -> cache.put("a", "1", lifetime)).isInstanceOf(InvalidLifetimeException.class);
    }
}
