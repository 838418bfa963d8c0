package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.spi.OutContext;
import io.g2cache.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static void refused(ThrowingCallable setting, String message) {
        assertThatThrownBy(setting).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    private static MapNames names(String namespace, String cache, String generation) {
        return MapNames.of(
                new OutContext(namespace, cache, generation, Duration.ofDays(1), Runnable::run, TimeSource.SYSTEM));
    }

    @Test
    void namesMapsByNamespaceCacheAndGeneration() {
        assertThat(names("shop", "prices", "g-1"))
                .isEqualTo(new MapNames("g2cache:shop:prices:g-1", "g2cache-floors:shop:prices:g-1"));
        assertThat(names("a.b", "c", "d").entries())
                .isNotEqualTo(names("a", "b.c", "d").entries());
    }

    @Test
    void escapesWhatWouldBeAPatternOrASeparator() {
        assertThat(names("n", "c", "t*:1~é").entries()).isEqualTo("g2cache:n:c:t~2a~3a1~7e~c3~a9");
    }

    @Test
    void roundsTheLifeOfGarbageUp() {
        assertThat(MapConfigs.seconds(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(MapConfigs.seconds(Duration.ZERO)).isEqualTo(1);
        assertThat(MapConfigs.seconds(Duration.ofMillis(2001))).isEqualTo(3);
        assertThat(MapConfigs.seconds(Duration.ofDays(100_000))).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void hasTheDocumentedDefaults() {
        assertThat(OutOptions.DEFAULTS)
                .isEqualTo(new OutOptions(
                        Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(30), 1, 20, 16));
    }

    @Test
    void changesOneOptionAtATime() {
        OutOptions changed = OutOptions.DEFAULTS
                .withReadTimeout(Duration.ofMillis(1))
                .withWriteTimeout(Duration.ofMillis(2))
                .withLeaseLife(Duration.ofSeconds(3))
                .withBackupCount(4)
                .withMaxHeapPercent(5)
                .withCallThreads(6);
        assertThat(changed)
                .isEqualTo(new OutOptions(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(3), 4, 5, 6));
    }

    @Test
    void aCacheMayHaveOptionsOfItsOwn() {
        OutOptions own = OutOptions.DEFAULTS.withReadTimeout(Duration.ofMillis(1));
        TierSettings settings = new TierSettings(OutOptions.DEFAULTS, Map.of("own", own), BreakerOptions.DEFAULTS);
        assertThat(settings.of("own")).isEqualTo(own);
        assertThat(settings.of("other")).isEqualTo(OutOptions.DEFAULTS);
    }

    @Test
    void refusesOptionsBeyondTheirLimits() {
        OutOptions options = OutOptions.DEFAULTS;
        refused(() -> options.withReadTimeout(Duration.ZERO), "readTimeout=PT0S must be PT0.001S to PT1M");
        refused(() -> options.withWriteTimeout(Duration.ofMinutes(2)), "writeTimeout=PT2M");
        refused(() -> options.withLeaseLife(Duration.ofMillis(999)), "leaseLife=PT0.999S");
        refused(() -> options.withBackupCount(7), "backupCount=7 must be 0 to 6");
        refused(() -> options.withMaxHeapPercent(91), "maxHeapPercent=91");
        refused(() -> options.withCallThreads(0), "callThreads=0");
    }

    @Test
    void refusesAddressesThatAreNone() {
        refused(() -> HazelcastOut.member().port(0), "port=0 must be 1 to 65535");
        refused(() -> HazelcastOut.member().clusterName(" "), "clusterName=' '");
        refused(() -> HazelcastOut.member().bindHost(""), "bindHost=''");
        refused(() -> HazelcastOut.member().members("somewhere"), "members='somewhere' must be host:port");
        refused(() -> HazelcastOut.client().addresses(), "addresses=[]");
        refused(() -> HazelcastOut.client().addresses("a:1", "b"), "addresses='b'");
        refused(() -> HazelcastOut.client().clusterName(""), "clusterName=''");
    }
}
