package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheSpecBuilder;
import io.g2cache.G2Cache;
import io.g2cache.Lifetime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hot keys are refreshed before their soft deadline, by a draw of each reader. */
class RefreshAheadTest {
    private static final Duration SOFT = Duration.ofSeconds(10);
    private static final Duration LOAD = Duration.ofMillis(100);

    /** The draw by which an entry is refreshed exactly one load's duration ahead. */
    private static final double AT_ONE_LOAD = 1 - 1 / Math.E;

    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile double drawn = AT_ONE_LOAD;
    private volatile Duration loadTakes = LOAD;

    @AfterEach
    void close() {
        rig.close();
    }

    /** A load that takes its time on the rig's clock. */
    private String load(String key) {
        rig.time.advance(loadTakes);
        return key + calls.incrementAndGet();
    }

    private CacheSpecBuilder<String, String> spec() {
        return Rig.spec()
                .lifetime(Lifetime.of(SOFT, SOFT.multipliedBy(4)))
                .refreshAhead(1)
                .loader(this::load);
    }

    private G2Cache<String, String> cache(CacheSpecBuilder<String, String> spec) {
        return rig.start(rig.builder().out(rig.out).randomSource(() -> drawn)).cache(spec.build());
    }

    private static long ahead(G2Cache<?, ?> cache) {
        return cache.stats().counter("refresh_ahead");
    }

    @Test
    void anEntryIsRefreshedTheDrawnTimeAheadOfItsSoftDeadline() throws Exception {
        G2Cache<String, String> cache = cache(spec());
        assertThat(cache.get("a")).isEqualTo("a1");
        rig.time.advance(SOFT.minus(LOAD.multipliedBy(2)).minusMillis(1));
        assertThat(cache.get("a")).isEqualTo("a1");
        assertThat(cache.getAll(List.of("a"))).isEqualTo(Map.of("a", "a1"));
        assertThat(cache.getAsync("a").join()).isEqualTo("a1");
        assertThat(ahead(cache)).isZero();
        // A refresh that took time would bring the entry to its soft deadline, and the reads that wait for it with it.
        loadTakes = Duration.ZERO;
        rig.time.advance(Duration.ofMillis(1));
        assertThat(cache.get("a")).isEqualTo("a1");
        Rig.until("refreshed", () -> "a2".equals(cache.get("a")));
        assertThat(calls).hasValue(2);
        assertThat(ahead(cache)).isEqualTo(1);
        assertThat(cache.stats().counter("refresh")).isEqualTo(1);
        assertThat(cache.stats().counter("stale_hit")).isZero();
    }

    @Test
    void aDrawOfZeroRefreshesNothingAhead() {
        drawn = 0;
        G2Cache<String, String> cache = cache(spec().refreshAhead(1000));
        cache.get("a");
        rig.time.advance(SOFT.minus(LOAD).minusMillis(1));
        assertThat(cache.get("a")).isEqualTo("a1");
        assertThat(ahead(cache)).isZero();
        assertThat(calls).hasValue(1);
    }

    @Test
    void itIsOffByDefault() {
        drawn = 0.999_999;
        G2Cache<String, String> cache =
                cache(Rig.spec().lifetime(Lifetime.of(SOFT)).loader(this::load));
        cache.get("a");
        rig.time.advance(SOFT.minus(LOAD).minusMillis(1));
        assertThat(cache.get("a")).isEqualTo("a1");
        assertThat(cache.stats().counter("refresh")).isZero();
        assertThat(calls).hasValue(1);
    }

    @Test
    void bulkAndAsynchronousReadsRefreshAheadToo() throws Exception {
        G2Cache<String, String> cache = cache(spec());
        cache.get("a");
        rig.time.advance(SOFT.minus(LOAD.multipliedBy(2)));
        assertThat(cache.getAll(List.of("a"))).isEqualTo(Map.of("a", "a1"));
        Rig.until("refreshed", () -> calls.get() == 2);
        Rig.until("stored", () -> "a2".equals(cache.get("a")));
        rig.time.advance(SOFT.minus(LOAD.multipliedBy(2)));
        assertThat(cache.getAsync("a").join()).isEqualTo("a2");
        Rig.until("refreshed again", () -> "a3".equals(cache.get("a")));
        assertThat(ahead(cache)).isEqualTo(2);
    }

    @Test
    void whatAnotherNodeHasRefreshedIsTakenFromTheOutTier() throws Exception {
        G2Cache<String, String> here = cache(spec());
        G2Cache<String, String> there = cache(spec());
        assertThat(here.get("a")).isEqualTo("a1");
        assertThat(there.get("a")).isEqualTo("a1");
        there.get("b");
        rig.time.advance(SOFT.minus(LOAD.multipliedBy(3)));
        assertThat(here.get("a")).isEqualTo("a1");
        Rig.until("refreshed here", () -> "a3".equals(here.get("a")));
        assertThat(there.get("a")).isEqualTo("a1");
        Rig.until("taken there", () -> "a3".equals(there.get("a")));
        assertThat(calls).hasValue(3);
    }
}
