package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.InvalidKeyException;
import io.g2cache.InvalidLifetimeException;
import io.g2cache.InvalidTagException;
import io.g2cache.InvalidValueException;
import io.g2cache.Lifetime;
import io.g2cache.LoadException;
import io.g2cache.PublishMode;
import io.g2cache.WriteToken;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At, below and beyond the limits of docs/limits.md: what is refused has changed nothing, what is not arrives everywhere. */
class LimitsTest {
    private static final int KEY = 64;
    private static final int VALUE = 1_000;

    private final Rig rig = new Rig();
    private final CacheSpec<String, String> spec = Rig.spec()
            .maximumKeyBytes(KEY)
            .maximumValueBytes(VALUE)
            .publish(PublishMode.VALUE)
            .build();
    private final G2Cache<String, String> cache = rig.withAll().cache(spec);
    private final G2Node other = rig.peer();
    private final G2Cache<String, String> peer = other.cache(spec);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void keysAndValuesUpToTheirLimitsArriveEverywhere() {
        for (int keyBytes : List.of(1, KEY - 1, KEY)) {
            for (int valueBytes : List.of(0, 1, VALUE - 1, VALUE)) {
                String key = "k".repeat(keyBytes);
                String value = "v".repeat(valueBytes);
                WriteToken token = cache.put(key, value);
                assertThat(cache.get(key)).isEqualTo(value);
                other.awaitToken(token, Rig.DEADLINE);
                assertThat(peer.get(key)).isEqualTo(value);
                cache.invalidate(key);
                assertThat(cache.get(key, k -> value)).isEqualTo(value);
            }
        }
    }

    @Test
    void whatIsBeyondALimitLosesNothing() {
        cache.put("a", "old");
        other.awaitToken(cache.put("b", "old"), Rig.DEADLINE);
        String large = "v".repeat(VALUE + 1);
        Map<String, String> values = new LinkedHashMap<>(Map.of("a", "new"));
        values.put("b", large);
        assertThatThrownBy(() -> cache.put("a", large))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("bytes=" + (VALUE + 1))
                .hasMessageContaining("maximumValueBytes=" + VALUE);
        assertThatThrownBy(() -> cache.putAll(values)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> cache.invalidateAll(List.of("a", "k".repeat(KEY + 1))))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("bytes=" + (KEY + 1))
                .hasMessageContaining("maximumKeyBytes=" + KEY);
        assertThatThrownBy(() -> cache.refresh("a", key -> large)).isInstanceOf(LoadException.class);
        other.awaitToken(cache.put("c", "after"), Rig.DEADLINE);
        for (G2Cache<String, String> one : List.of(cache, peer)) {
            assertThat(one.get("a")).isEqualTo("old");
            assertThat(one.get("b")).isEqualTo("old");
        }
        assertThatThrownBy(() -> cache.getAll(List.of("x", "y"), keys -> Map.of("x", "good", "y", large)))
                .isInstanceOf(LoadException.class);
        assertThat(cache.get("x")).as("the other key of a bulk load is kept").isEqualTo("good");
        assertThat(cache.get("y")).isNull();
    }

    @Test
    void bulkCallsOfNothingAndOfVeryMany() {
        assertThat(cache.getAll(List.of(), keys -> Map.of())).isEmpty();
        assertThat(cache.putAll(Map.of()).offsets()).isEmpty();
        assertThat(cache.invalidateAll(List.of()).offsets()).isEmpty();
        Map<String, String> many = new LinkedHashMap<>();
        IntStream.range(0, 20_000).forEach(i -> many.put("k" + i, "v" + i));
        WriteToken token = cache.putAll(many);
        assertThat(cache.getAll(many.keySet())).isEqualTo(many);
        other.awaitToken(token, Rig.DEADLINE);
        assertThat(peer.getAll(many.keySet())).isEqualTo(many);
    }

    @Test
    void lifetimesAtTheirExtremes() {
        cache.put("a", "shortest", Lifetime.hard(Duration.ofMillis(1)));
        assertThat(cache.get("a")).isEqualTo("shortest");
        rig.time.advance(Duration.ofMillis(1));
        assertThat(cache.get("a")).isNull();
        cache.put("a", "longest", Lifetime.hard(Duration.ofDays(7)));
        rig.time.advance(Duration.ofDays(7).minusMillis(1));
        assertThat(cache.get("a")).isEqualTo("longest");
        for (Duration beyond : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> Lifetime.hard(beyond))
                    .isInstanceOf(InvalidLifetimeException.class)
                    .hasMessageContaining(beyond.toString());
        }
        for (Duration beyond : List.of(Duration.ofDays(7).plusMillis(1), Duration.ofDays(36_500))) {
            assertThatThrownBy(() -> cache.put("a", "v", Lifetime.hard(beyond)))
                    .isInstanceOf(InvalidLifetimeException.class)
                    .hasMessageContaining("hard=" + beyond)
                    .hasMessageContaining("maximumLifetime=PT168H");
        }
        assertThat(cache.get("a")).isEqualTo("longest");
    }

    @Test
    void durationsOfBuildersBeyondWhatAClockCounts() {
        for (Duration beyond : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE))) {
            List<Runnable> setters = List.of(
                    () -> Rig.spec().loadTimeout(beyond),
                    () -> Rig.spec().failSafeFor(beyond),
                    () -> Rig.spec().softTimeout(beyond),
                    () -> Rig.spec().failureThrottle(beyond),
                    () -> Rig.spec().clusterLoad(beyond),
                    () -> Rig.spec().maxStaleness(beyond),
                    () -> G2Node.builder().fenceWindow(beyond),
                    () -> G2Node.builder().startTimeout(beyond));
            for (int i = 0; i < setters.size(); i++) {
                assertThatThrownBy(setters.get(i)::run)
                        .as("setter %d", i)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("must be from");
            }
        }
    }

    @Test
    void namesAtTheirLimits() {
        for (String name : List.of("n", "n".repeat(64), "..", "-")) {
            G2Cache<String, String> named = other.cache(Rig.named(name).build());
            named.put("a", name);
            assertThat(named.get("a")).isEqualTo(name);
        }
        for (String name : List.of("", "n".repeat(65), "a/b", "a b", "a\nb", "ü")) {
            assertThatThrownBy(() -> Rig.named(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + name + "'");
        }
    }

    @Test
    void tagsUpToTheirLimit() {
        G2Cache<String, String> tagged = other.cache(CacheSpec.builder("tagged", Codecs.string(), Codecs.string())
                .tags((key, value) -> {
                    List<String> tags = new ArrayList<>();
                    IntStream.range(0, Integer.parseInt(value)).forEach(i -> tags.add("tag-" + i));
                    return tags;
                })
                .build());
        for (int count : List.of(0, 1, Tags.MOST_PER_ENTRY)) {
            tagged.put("a", String.valueOf(count));
            assertThat(tagged.get("a")).isEqualTo(String.valueOf(count));
        }
        assertThatThrownBy(() -> tagged.put("a", String.valueOf(Tags.MOST_PER_ENTRY + 1)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(String.valueOf(Tags.MOST_PER_ENTRY));
        assertThat(tagged.get("a")).isEqualTo(String.valueOf(Tags.MOST_PER_ENTRY));
        assertThatThrownBy(() -> tagged.invalidateTag("")).isInstanceOf(InvalidTagException.class);
        tagged.invalidateTag("tag-" + (Tags.MOST_PER_ENTRY - 1));
        assertThat(tagged.get("a")).isNull();
    }
}
