package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheClosedException;
import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.NodeState;
import io.g2cache.PublishMode;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.testkit.ManualAgents;
import io.g2cache.testkit.MemoryLocal;
import io.g2cache.testkit.MemoryLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A local tier that keeps its entries is closed and opened again on a running node: warm, and never stale. */
class CloseKeptCacheTest {
    private final Rig rig = new Rig(3);
    private final MemoryLocal.Disk disk = new MemoryLocal.Disk();
    private final AtomicInteger loads = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    private CacheSpecBuilder<String, String> spec() {
        return Rig.spec()
                .publish(PublishMode.VALUE)
                .tags((key, value) -> List.of("t"))
                .lifetime(Lifetime.hard(Duration.ofDays(1)))
                .loader(key -> "loaded" + loads.incrementAndGet());
    }

    private G2Node node() {
        return rig.start(rig.builder().local(new MemoryLocal(disk)).sync(rig.log));
    }

    private G2Cache<String, String> writer() {
        return rig.start(rig.builder().sync(new MemoryLog(rig.broker))).cache(spec().build());
    }

    /** What another node does while the cache is closed here. */
    private enum Meanwhile {
        PUT,
        INVALIDATE,
        CLEAR,
        TAG,
        CLEAR_AND_PUT;

        void happens(G2Cache<String, String> cache) {
            switch (this) {
                case PUT -> cache.put("a", "new");
                case INVALIDATE -> cache.invalidate("a");
                case CLEAR -> cache.clear();
                case TAG -> cache.invalidateTag("t");
                case CLEAR_AND_PUT -> {
                    cache.clear();
                    cache.put("a", "new");
                }
            }
        }
    }

    @Test
    void itServesWhatItHeldWithoutALoad() {
        G2Node node = node();
        G2Cache<String, String> cache = node.cache(spec().build());
        cache.put("a", "put");
        assertThat(cache.get("b")).isEqualTo("loaded1");
        cache.close();
        G2Cache<String, String> again = node.cache(spec().build());
        assertThat(again.get("a")).isEqualTo("put");
        assertThat(again.get("b")).isEqualTo("loaded1");
        assertThat(again.stats().counter("cold_start")).isZero();
        assertThat(loads).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(Meanwhile.class)
    void itServesNothingThatAnEventHasKilledMeanwhile(Meanwhile meanwhile) {
        G2Node node = node();
        G2Cache<String, String> writer = writer();
        for (int round = 0; round < 3; round++) {
            G2Cache<String, String> cache = node.cache(spec().build());
            cache.put("a", "old");
            cache.close();
            meanwhile.happens(writer);
            assertThat(node.cache(spec().build()).get("a")).isNotEqualTo("old");
            node.caches().forEach(G2Cache::close);
        }
    }

    @ParameterizedTest
    @EnumSource(Meanwhile.class)
    void norWhereTheEventComesWhileItCloses(Meanwhile meanwhile) throws Exception {
        G2Node node = node();
        G2Cache<String, String> writer = writer();
        for (int round = 0; round < 50; round++) {
            G2Cache<String, String> cache = node.cache(spec().build());
            cache.put("a", "old");
            CompletableFuture<Boolean> other = rig.start(() -> {
                meanwhile.happens(writer);
                return true;
            });
            cache.close();
            assertThat(Rig.get(other)).isTrue();
            G2Cache<String, String> again = node.cache(spec().build());
            assertThat(again.get("a")).as("round %d", round).isNotEqualTo("old");
            again.close();
        }
    }

    private G2Node driven(ManualAgents agents, LocalCacheProvider local) throws Exception {
        G2Node node = rig.start(rig.builder()
                .agentScheduler(agents)
                .awaitReady(false)
                .local(local)
                .sync(rig.log));
        Rig.until("ready", () -> agents.cycleAll() >= 0 && node.status().state() == NodeState.READY);
        return node;
    }

    @Test
    void theTailerBringsNothingBackThatTheReplayHasDropped() throws Exception {
        ManualAgents agents = new ManualAgents();
        G2Node node = driven(agents, new MemoryLocal(disk));
        G2Cache<String, String> cache = node.cache(spec().build());
        cache.put("a", "old");
        cache.close();
        writer().invalidate("a");
        G2Cache<String, String> again = node.cache(spec().build());
        Rig.until("replayed", () -> {
            int unused = agents.cycle("replay-cities");
            return node.status().catchUp().eventsToDo() == 0 && !agents.names().contains("replay-cities");
        });
        assertThat(again.get("a")).isEqualTo("loaded1");
        rig.log.holdBackTail(1);
        assertThat(agents.cycle("tailer")).isPositive();
        assertThat(again.get("a")).startsWith("loaded");
        rig.log.holdBackTail(0);
        assertThat(agents.cycle("tailer")).isPositive();
        assertThat(again.get("a")).startsWith("loaded");
    }

    @Test
    void noCheckpointFollowsTheLastOne() throws Exception {
        ManualAgents agents = new ManualAgents();
        AtomicInteger checkpoints = new AtomicInteger();
        HookedLocal local = new HookedLocal(new MemoryLocal(disk));
        local.beforeCheckpoint = () -> {
            if (checkpoints.incrementAndGet() == 1) {
                agents.cycle("housekeeper");
            }
        };
        G2Node node = driven(agents, local);
        G2Cache<String, String> cache = node.cache(spec().build());
        cache.put("a", "put");
        checkpoints.set(0);
        cache.close();
        assertThat(checkpoints).hasValue(1);
    }

    @Test
    void aReplayEndsWithItsCacheAndBeginsAgain() throws Exception {
        G2Node first = node();
        G2Cache<String, String> before = first.cache(spec().build());
        before.put("a", "old");
        before.put("b", "kept");
        first.close(Duration.ofSeconds(5));
        writer().invalidate("a");
        rig.log.holdBackTail(Long.MAX_VALUE);
        G2Node node = rig.start(rig.builder()
                .awaitReady(false)
                .startTimeout(Duration.ofMinutes(1))
                .local(new MemoryLocal(disk))
                .sync(rig.log));
        G2Cache<String, String> cache = node.cache(spec().build());
        assertThat(node.status().catchUp().eventsToDo()).isPositive();
        assertThat(Rig.threads("replay-cities")).isNotEmpty();
        cache.close();
        Rig.until("the replay has ended", () -> Rig.threads("replay-cities").isEmpty());
        assertThatThrownBy(() -> cache.get("a")).isInstanceOf(CacheClosedException.class);
        rig.log.holdBackTail(0);
        G2Cache<String, String> again = node.cache(spec().build());
        Rig.until("up to date", () -> node.status().state() == NodeState.READY);
        assertThat(again.get("b")).isEqualTo("kept");
        assertThat(again.get("a")).startsWith("loaded");
    }

    @Test
    void withoutALogItKeepsItsEntriesAndWhatWasCleared() {
        G2Node node = rig.start(rig.builder().local(new MemoryLocal(disk)));
        G2Cache<String, String> cache = node.cache(spec().build());
        cache.put("a", "old");
        cache.clear();
        cache.put("b", "kept");
        cache.close();
        G2Cache<String, String> again = node.cache(spec().build());
        assertThat(again.get("b")).isEqualTo("kept");
        assertThat(again.get("a")).isEqualTo("loaded1");
    }
}
