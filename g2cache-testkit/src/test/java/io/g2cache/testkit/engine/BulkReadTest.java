package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.BulkCacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.LoadException;
import io.g2cache.codec.Codecs;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads of many keys. */
class BulkReadTest {
    private final Rig rig = new Rig(4);
    private final ConcurrentLinkedQueue<Set<String>> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        rig.close();
    }

    /** Knows every key but those that begin with 'x'. */
    private final BulkCacheLoader<String, String> loader = keys -> {
        asked.add(Set.copyOf(keys));
        Map<String, String> values = new HashMap<>();
        keys.stream().filter(key -> !key.startsWith("x")).forEach(key -> values.put(key, "of " + key));
        values.put("nobody asked", "for this");
        return values;
    };

    @Test
    void theLoaderIsCalledOnceForWhatNoTierHas() {
        for (G2Node node : List.of(rig.alone(), rig.withAll())) {
            asked.clear();
            G2Cache<String, String> cache = Rig.cache(node);
            cache.put("a", "put");
            assertThat(cache.getAll(List.of("c", "x", "a", "b", "c"), loader))
                    .containsExactly(Map.entry("c", "of c"), Map.entry("a", "put"), Map.entry("b", "of b"));
            assertThat(asked).containsExactly(Set.of("c", "x", "b"));
            assertThat(cache.getAll(List.of("c", "b"))).hasSize(2);
            assertThat(cache.get("nobody asked")).isNull();
            assertThat(cache.getAll(List.of(), loader)).isEmpty();
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void keysThatSomebodyElseLoadsAreWaitedFor() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> single = rig.start(() -> cache.get("a", key -> {
            started.countDown();
            Rig.await(go);
            return "single";
        }));
        Rig.await(started);
        CompletableFuture<Map<String, String>> bulk = cache.getAllAsync(List.of("a", "b"), loader);
        Rig.until("asked", () -> !asked.isEmpty());
        assertThat(asked).containsExactly(Set.of("b"));
        assertThat(bulk).isNotDone();
        go.countDown();
        assertThat(Rig.get(bulk)).containsExactly(Map.entry("a", "single"), Map.entry("b", "of b"));
        assertThat(Rig.get(single)).isEqualTo("single");
    }

    @Test
    void aFailureReachesTheCallerAndThoseWhoJoined() throws Exception {
        G2Cache<String, String> cache = Rig.cache(rig.withAll());
        IOException origin = new IOException("down");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Map<String, String>> bulk = rig.start(() -> cache.getAll(List.of("a", "b"), keys -> {
            started.countDown();
            Rig.await(go);
            throw origin;
        }));
        Rig.await(started);
        CompletableFuture<String> joined = cache.getAsync("b", key -> "other");
        go.countDown();
        assertThat(Rig.failure(bulk)).isInstanceOf(LoadException.class).hasCause(origin);
        assertThat(Rig.failure(joined)).isInstanceOf(LoadException.class).hasCause(origin);
        assertThat(cache.getAll(List.of("a", "b"), loader)).hasSize(2);
    }

    @Test
    @SuppressWarnings("NullAway")
    void aLoaderThatGivesNoMapOrOneValueThatCannotBeKeptFailsAndPoisonsNothing() {
        G2Cache<String, String> cache =
                rig.alone().cache(Rig.spec().maximumValueBytes(10).build());
        assertThatThrownBy(() -> cache.getAll(List.of("a"), keys -> null)).isInstanceOf(LoadException.class);
        assertThatThrownBy(() -> cache.getAll(List.of("a", "b"), keys -> Map.of("a", "1", "b", "far too large")))
                .isInstanceOf(LoadException.class)
                .hasStackTraceContaining("maximumValueBytes=10");
        assertThat(cache.get("a")).isEqualTo("1");
        assertThat(cache.getAll(List.of("a", "b"), loader)).hasSize(2);
    }

    @Test
    void theLoaderOfTheSpecificationIsUsedToo() {
        G2Cache<String, String> cache = rig.withAll()
                .cache(Rig.spec()
                        .loader(key -> key.equals("x") ? null : "of " + key)
                        .build());
        assertThat(cache.getAll(List.of("b", "x", "a")))
                .containsExactly(Map.entry("b", "of b"), Map.entry("a", "of a"));
    }

    @Test
    void aLoaderThatMakesItsOwnArraysIsReadByTheirContent() {
        for (G2Node node : List.of(rig.alone(), rig.withAll())) {
            G2Cache<byte[], String> cache = node.cache(
                    CacheSpec.builder("bytes", Codecs.bytes(), Codecs.string()).build());
            byte[] one = {1};
            byte[] two = {2};
            byte[] none = {3};
            Map<byte[], String> found = cache.getAll(List.of(one, two, none), keys -> {
                Map<byte[], String> values = new HashMap<>();
                values.put(new byte[] {1}, "of one");
                values.put(new byte[] {2}, "of two");
                values.put(new byte[] {3}, null);
                values.put(new byte[] {4}, "nobody asked");
                values.put(new byte[0], "no key at all");
                values.put(null, "nor this");
                return values;
            });
            assertThat(found).containsExactly(Map.entry(one, "of one"), Map.entry(two, "of two"));
            assertThat(cache.get(new byte[] {1})).isEqualTo("of one");
            assertThat(cache.get(new byte[] {3})).isNull();
            assertThat(cache.get(new byte[] {4})).isNull();
        }
    }
}
