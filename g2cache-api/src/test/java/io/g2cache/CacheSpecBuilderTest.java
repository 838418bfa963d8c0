package io.g2cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.codec.Codecs;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CacheSpecBuilderTest {
    private static CacheSpecBuilder<String, Long> builder() {
        return CacheSpec.builder("cities", Codecs.string(), Codecs.int64());
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void namesThatFitNowhereAreRefused() {
        for (String bad : new String[] {"", "a b", "a/b", "ü", "x".repeat(65), "a\n"}) {
            assertRefused(() -> CacheSpec.builder(bad, Codecs.string(), Codecs.int64()), "'" + bad + "'");
        }
        String longest = "Az09_.-" + "x".repeat(57);
        assertThat(CacheSpec.builder(longest, Codecs.string(), Codecs.int64())
                        .build()
                        .name())
                .isEqualTo(longest);
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        CacheSpec<String, Long> spec = builder().build();
        assertThat(spec.lifetime()).isEqualTo(Lifetime.of(Duration.ofMinutes(5)));
        assertThat(spec.maximumLifetime()).isEmpty();
        assertThat(spec.absentLifetime()).isEmpty();
        assertThat(spec.maximumEntries()).isEqualTo(100_000);
        assertThat(spec.averageEntryBytes()).isEqualTo(512);
        assertThat(spec.maximumKeyBytes()).isEqualTo(8 << 10);
        assertThat(spec.maximumValueBytes()).isEqualTo(1 << 20);
        assertThat(spec.publish()).isEqualTo(PublishMode.INVALIDATE);
        assertThat(spec.publishLoads()).isFalse();
        assertThat(spec.copyOnRead()).isFalse();
        assertThat(spec.loadTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(spec.loader()).isNull();
    }

    @Test
    void limitsAreInclusiveAndNamed() {
        assertThat(builder().maximumEntries(1).build().maximumEntries()).isEqualTo(1);
        assertThat(builder().maximumEntries(1L << 31).build().maximumEntries()).isEqualTo(1L << 31);
        assertRefused(() -> builder().maximumEntries(0), "maximumEntries=0");
        assertRefused(() -> builder().maximumEntries((1L << 31) + 1), "maximumEntries=2147483649");
        assertRefused(() -> builder().averageEntryBytes(15), "averageEntryBytes=15 must be from 16");
        assertRefused(() -> builder().maximumKeyBytes(0), "maximumKeyBytes=0");
        assertRefused(() -> builder().maximumKeyBytes((1 << 16) + 1), "to 65536");
        assertRefused(() -> builder().maximumValueBytes(-1), "maximumValueBytes=-1");
        assertRefused(() -> builder().maximumValueBytes((1 << 28) + 1), "to 268435456");
        assertThat(builder().maximumValueBytes(1 << 28).build().maximumValueBytes())
                .isEqualTo(1 << 28);
        assertRefused(
                () -> builder().loadTimeout(Duration.ofNanos(1)),
                "loadTimeout=PT0.000000001S must be from PT0.001S to PT1H");
        assertRefused(() -> builder().loadTimeout(Duration.ofHours(2)), "7200000");
    }

    @Test
    void lifetimesStayBelowTheMaximum() {
        Duration hour = Duration.ofHours(1);
        CacheSpecBuilder<String, Long> builder = builder().maximumLifetime(hour).lifetime(Lifetime.hard(hour));
        assertThat(builder.build().maximumLifetime()).isEqualTo(Optional.of(hour));
        builder.lifetime(Lifetime.hard(hour.plusMillis(1)));
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("lifetime=")
                .hasMessageContaining("maximumLifetime=PT1H");
        builder.lifetime(Lifetime.hard(hour)).absentLifetime(Lifetime.hard(hour.plusMillis(1)));
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("absentLifetime=");
        assertThatThrownBy(() -> builder().maximumLifetime(Duration.ZERO)).isInstanceOf(InvalidLifetimeException.class);
    }

    @Test
    void whatIsBuiltNoLongerChanges() {
        CacheSpecBuilder<String, Long> builder =
                builder().maximumEntries(5).copyOnRead(true).publishLoads(true);
        CacheSpec<String, Long> spec =
                builder.publish(PublishMode.VALUE).loader(key -> 1L).build();
        builder.maximumEntries(6).copyOnRead(false).publishLoads(false).publish(PublishMode.INVALIDATE);
        assertThat(spec.maximumEntries()).isEqualTo(5);
        assertThat(spec.copyOnRead()).isTrue();
        assertThat(spec.publishLoads()).isTrue();
        assertThat(spec.publish()).isEqualTo(PublishMode.VALUE);
        assertThat(spec.loader()).isNotNull();
        assertThat(spec).hasToString("CacheSpec[name=cities, lifetime=" + spec.lifetime() + ", maximumEntries=5]");
    }
}
