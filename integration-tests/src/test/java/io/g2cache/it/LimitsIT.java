package io.g2cache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidKeyException;
import io.g2cache.InvalidValueException;
import io.g2cache.Lifetime;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.kafka.KafkaBrokerExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys, values and events of the largest sizes go through all real tiers; what is larger changes nothing. */
@Timeout(120)
class LimitsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int KEY = 64 << 10;
    private static final int VALUE = 3 << 20;
    private static final int EVENT = KEY + VALUE + (4 << 10);

    @RegisterExtension
    static final KafkaBrokerExtension BROKER = new KafkaBrokerExtension();

    private final Random random = new Random(7);

    private static CacheSpec<String, byte[]> spec() {
        return CacheSpec.builder("large", Codecs.string(), Codecs.bytes())
                .maximumEntries(100)
                .averageEntryBytes(VALUE)
                .maximumKeyBytes(KEY)
                .maximumValueBytes(VALUE)
                .lifetime(Lifetime.of(Duration.ofMinutes(5)))
                .publish(PublishMode.VALUE)
                .build();
    }

    /** Does not compress, so that what is sent is as large as it looks. */
    private byte[] value(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return value;
    }

    @Test
    void whatIsAtTheLimitsArrivesAndWhatIsBeyondChangesNothing() {
        try (Rig rig = Rig.full(BROKER.bootstrapServers())) {
            G2Node one = rig.start(rig.builder().maximumEventBytes(EVENT));
            G2Node two = rig.start(rig.builder().maximumEventBytes(EVENT));
            G2Cache<String, byte[]> cache = one.cache(spec());
            G2Cache<String, byte[]> peer = two.cache(spec());
            Map<String, byte[]> written = new LinkedHashMap<>();
            for (int keyBytes : List.of(1, KEY - 1, KEY)) {
                for (int valueBytes : List.of(0, 1, VALUE - 1, VALUE)) {
                    String key = String.valueOf((char) ('a' + written.size())).repeat(keyBytes);
                    byte[] value = value(valueBytes);
                    WriteToken token = cache.put(key, value);
                    written.put(key, value);
                    assertThat(cache.get(key)).isEqualTo(value);
                    assertThat(peer.get(key, token, SOON)).isEqualTo(value);
                }
            }
            assertThat(peer.stats().counter("local_failure")).isZero();
            refusesWhatIsBeyond(cache);
            byte[] mark = value(1);
            assertThat(peer.get("mark", cache.put("mark", mark), SOON)).isEqualTo(mark);
            written.forEach((key, value) -> {
                assertThat(Arrays.equals(cache.get(key), value))
                        .as(key.substring(0, 1))
                        .isTrue();
                assertThat(Arrays.equals(peer.get(key), value))
                        .as(key.substring(0, 1))
                        .isTrue();
            });
        }
    }

    private void refusesWhatIsBeyond(G2Cache<String, byte[]> cache) {
        String key = "a";
        assertThatThrownBy(() -> cache.put(key, value(VALUE + 1)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("bytes=" + (VALUE + 1))
                .hasMessageContaining("maximumValueBytes=" + VALUE);
        assertThatThrownBy(() -> cache.invalidate("k".repeat(KEY + 1)))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("bytes=" + (KEY + 1))
                .hasMessageContaining("maximumKeyBytes=" + KEY);
        Map<String, byte[]> mixed = new LinkedHashMap<>(Map.of(key, value(1)));
        mixed.put("b", value(VALUE + 1));
        assertThatThrownBy(() -> cache.putAll(mixed)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void aCacheWhoseEventsTheLogWouldRefuseIsNotOpened() {
        try (Rig rig = Rig.full(BROKER.bootstrapServers())) {
            G2Node node = rig.start();
            assertThatThrownBy(() -> node.cache(spec()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maximumValueBytes=" + VALUE)
                    .hasMessageContaining("maximumEventBytes=" + (2 << 20));
        }
    }
}
