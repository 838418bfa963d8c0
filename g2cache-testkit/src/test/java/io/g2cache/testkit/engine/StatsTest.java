package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheStats;
import io.g2cache.G2Cache;
import io.g2cache.Lifetime;
import io.g2cache.spi.StatsRecorder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted. */
class StatsTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void everyReadIsCountedOnceInEachTierThatItAsked() {
        G2Cache<String, String> cache = Rig.cache(rig.withOut());
        cache.get("a", key -> "1");
        cache.get("a");
        cache.get("missing");
        CacheStats stats = cache.stats();
        assertThat(stats.reads()).isEqualTo(3);
        assertThat(stats.localHits()).isEqualTo(1);
        assertThat(stats.localMisses()).isEqualTo(2);
        assertThat(stats.outHits()).isZero();
        assertThat(stats.outMisses()).isEqualTo(2);
        assertThat(stats.loads()).isEqualTo(1);
        assertThat(stats.estimatedSize()).isEqualTo(1);
        assertThat(stats.cache()).isEqualTo("cities");
    }

    @Test
    void aRecorderHearsOfEverythingAndCannotBreakAnything() {
        AtomicInteger heard = new AtomicInteger();
        StatsRecorder failing = new StatsRecorder() {
            private void hear() {
                heard.incrementAndGet();
                throw new LinkageError("a test");
            }

            @Override
            public void hit(Tier tier) {
                hear();
            }

            @Override
            public void miss(Tier tier) {
                hear();
            }

            @Override
            public void loadSuccess(long nanos) {
                hear();
            }

            @Override
            public void loadFailure(long nanos) {
                hear();
            }

            @Override
            public void count(Counter counter) {
                hear();
            }
        };
        G2Cache<String, String> cache =
                Rig.cache(rig.start(rig.builder().statsRecorder(failing).sync(rig.log)));
        assertThat(cache.get("a", key -> "1")).isEqualTo("1");
        assertThat(cache.get("a")).isEqualTo("1");
        cache.put("a", "2");
        assertThat(cache.get("a")).isEqualTo("2");
        assertThat(heard.get()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void theTimeOfLoadsIsCountedByTheTimeSource() {
        G2Cache<String, String> cache = Rig.cache(rig.alone());
        cache.get("a", key -> {
            rig.time.advance(Duration.ofMillis(7));
            return "1";
        });
        assertThat(cache.stats().loadNanos()).isEqualTo(7_000_000);
    }

    @Test
    void jitterShortensLifetimes() {
        G2Cache<String, String> cache = rig.start(rig.builder().randomSource(() -> 0.5))
                .cache(Rig.spec()
                        .lifetime(Lifetime.hard(Duration.ofSeconds(10)).withJitter(0.2))
                        .build());
        cache.put("a", "1");
        rig.time.advance(Duration.ofMillis(8_999));
        assertThat(cache.get("a")).isEqualTo("1");
        rig.time.advance(Duration.ofMillis(1));
        assertThat(cache.get("a")).isNull();
    }
}
