package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidKeyException;
import io.g2cache.InvalidLifetimeException;
import io.g2cache.InvalidValueException;
import io.g2cache.Lifetime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything that a caller can get wrong has an exception of its own, with the value and the limit. */
@SuppressWarnings("NullAway")
class BadInputTest {
    private final Rig rig = new Rig();
    private final G2Node node = rig.withAll();
    private final G2Cache<String, String> cache = node.cache(Rig.spec()
            .maximumKeyBytes(4)
            .maximumValueBytes(5)
            .maximumLifetime(Duration.ofHours(3))
            .build());

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void keys() throws Exception {
        for (String key : Arrays.asList(null, "", "large")) {
            String said = key == null ? "null" : "bytes=" + key.length();
            for (Rig.Call<?> call : List.<Rig.Call<?>>of(
                    () -> cache.get(key),
                    () -> cache.get(key, k -> "v"),
                    () -> cache.getAll(Collections.singletonList(key), keys -> Map.of()),
                    () -> cache.put(key, "v"),
                    () -> cache.putAll(Collections.singletonMap(key, "v")),
                    () -> cache.invalidate(key),
                    () -> cache.invalidateAll(Collections.singletonList(key)),
                    () -> cache.refresh(key, k -> "v"))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(InvalidKeyException.class)
                        .hasMessageContaining(said);
            }
            assertThat(Rig.failure(cache.getAsync(key, k -> "v"))).isInstanceOf(InvalidKeyException.class);
            assertThat(Rig.failure(cache.putAsync(key, "v"))).isInstanceOf(InvalidKeyException.class);
            assertThat(Rig.failure(cache.invalidateAsync(key))).isInstanceOf(InvalidKeyException.class);
            assertThat(Rig.failure(cache.refreshAsync(key, k -> "v"))).isInstanceOf(InvalidKeyException.class);
            assertThat(Rig.failure(cache.getAllAsync(Collections.singletonList(key), keys -> Map.of())))
                    .isInstanceOf(InvalidKeyException.class);
        }
        assertThatThrownBy(() -> cache.get("large")).hasMessageContaining("maximumKeyBytes=4");
    }

    @Test
    void values() throws Exception {
        assertThatThrownBy(() -> cache.put("a", null)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> cache.put("a", "larger"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("bytes=6")
                .hasMessageContaining("maximumValueBytes=5");
        assertThatThrownBy(() -> cache.putAll(Map.of("a", "good", "b", "larger")))
                .isInstanceOf(InvalidValueException.class);
        assertThat(cache.get("a")).isNull();
        assertThat(Rig.failure(cache.putAsync("a", "larger"))).isInstanceOf(InvalidValueException.class);
        assertThat(Rig.failure(cache.putAllAsync(Map.of("a", "larger")))).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void lifetimes() throws Exception {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofNanos(1))) {
            assertThatThrownBy(() -> Lifetime.of(bad))
                    .isInstanceOf(InvalidLifetimeException.class)
                    .hasMessageContaining("soft=" + bad);
        }
        assertThatThrownBy(() -> Lifetime.of(Duration.ofMinutes(2), Duration.ofMinutes(1)))
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("soft=PT2M")
                .hasMessageContaining("hard=PT1M");
        Lifetime beyond = Lifetime.hard(Duration.ofHours(4));
        cache.put("a", "v");
        for (Rig.Call<?> call : List.<Rig.Call<?>>of(
                () -> cache.get("a", beyond, k -> "v"),
                () -> cache.get("b", beyond, k -> "v"),
                () -> cache.put("a", "v", beyond))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(InvalidLifetimeException.class)
                    .hasMessageContaining("hard=PT4H")
                    .hasMessageContaining("maximumLifetime=PT3H");
        }
        assertThat(Rig.failure(cache.getAsync("a", beyond, k -> "v"))).isInstanceOf(InvalidLifetimeException.class);
        assertThat(Rig.failure(cache.putAsync("a", "v", beyond))).isInstanceOf(InvalidLifetimeException.class);
        assertThatThrownBy(() -> rig.alone()
                        .cache(Rig.spec().maximumLifetime(Duration.ofDays(8)).build()))
                .isInstanceOf(InvalidLifetimeException.class)
                .hasMessageContaining("PT192H")
                .hasMessageContaining("PT168H");
    }
}
