package io.g2cache.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.CacheLoader;
import io.g2cache.CacheSpec;
import io.g2cache.G2Cache;
import io.g2cache.G2Node;
import io.g2cache.Lifetime;
import io.g2cache.codec.Codecs;
import io.g2cache.testkit.FakeTime;
import io.g2cache.testkit.MemoryOut;
import io.g2cache.testkit.OutFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node takes from the out tier, and what it does without. */
class OutTierTest {
    private final Rig rig = new Rig();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    private CacheLoader<String, String> counted() {
        return key -> "v" + calls.incrementAndGet();
    }

    @Test
    void anOutTierHitIsCopiedToTheLocalTier() {
        assertThat(Rig.cache(rig.withOut()).get("a", counted())).isEqualTo("v1");
        for (int i = 0; i < 20; i++) {
            G2Cache<String, String> other = Rig.cache(rig.withOut());
            assertThat(other.get("a", counted())).isEqualTo("v1");
            rig.outFaults.rate(OutFault.FAILED, 1);
            assertThat(other.get("a", counted())).isEqualTo("v1");
            rig.outFaults.heal();
            assertThat(other.stats().outHits()).isEqualTo(1);
            assertThat(other.stats().localHits()).isEqualTo(1);
            assertThat(other.stats().outHitRate()).isEqualTo(0.5);
        }
        G2Cache<String, String> bulk = Rig.cache(rig.withOut());
        assertThat(bulk.getAll(List.of("b", "a"))).containsExactly(Map.entry("a", "v1"));
        assertThat(bulk.get("a")).isEqualTo("v1");
        assertThat(bulk.stats().localHits()).isEqualTo(1);
    }

    @Test
    void aNodeThatJoinsLateKeepsWhatItFindsInTheOutTierHoweverOld() throws Exception {
        G2Node early = rig.withAll();
        G2Cache<String, String> first = Rig.cache(early);
        assertThat(first.get("a", counted())).isEqualTo("v1");
        for (int i = 0; i < 2_000; i++) {
            first.invalidate("other" + i);
        }
        rig.time.advance(Duration.ofMinutes(2));
        G2Cache<String, String> late = Rig.cache(rig.withAll());
        assertThat(late.get("a", counted())).isEqualTo("v1");
        assertThat(late.get("a", counted())).isEqualTo("v1");
        assertThat(late.stats().outHits()).isEqualTo(1);
        assertThat(late.stats().localHits()).isEqualTo(1);
    }

    @Test
    void withoutALogAWriteOvertakesWhatAClockThatIsAheadHasLeft() throws Exception {
        FakeTime ahead = new FakeTime(Rig.NOW + 60_000);
        G2Node fast = rig.start(rig.builder().timeSource(ahead).out(new MemoryOut(rig.store)));
        G2Node same = rig.withOut();
        for (G2Node other : List.of(fast, same)) {
            G2Cache<String, String> loads = Rig.cache(other);
            G2Cache<String, String> writes = Rig.cache(rig.withOut());
            String key = "of-" + other.id();
            assertThat(loads.get(key, counted())).isNotNull();
            writes.invalidate(key);
            assertThat(writes.get(key, k -> "new")).isEqualTo("new");
            writes.put(key, "newer");
            assertThat(Rig.cache(rig.withOut()).get(key, k -> "loaded")).isEqualTo("newer");
        }
    }

    @Test
    void anObsoleteOutTierHitIsReturnedAndRefreshed() throws Exception {
        Lifetime lifetime = Lifetime.of(Duration.ofSeconds(1), Duration.ofSeconds(10));
        Rig.cache(rig.withOut()).get("a", lifetime, counted());
        rig.time.advance(Duration.ofSeconds(1));
        G2Cache<String, String> single = Rig.cache(rig.withOut());
        assertThat(single.get("a", lifetime, counted())).isEqualTo("v1");
        Rig.until("refreshed", () -> single.stats().loads() == 1);
        rig.time.advance(Duration.ofSeconds(1));
        G2Cache<String, String> bulk = rig.withOut()
                .cache(Rig.spec().lifetime(lifetime).loader(counted()).build());
        assertThat(bulk.getAll(List.of("a"))).containsExactly(Map.entry("a", "v2"));
        Rig.until("refreshed", () -> bulk.stats().loads() == 1);
        assertThat(bulk.stats().counter("stale_hit")).isEqualTo(1);
    }

    @Test
    void readsFallToTheLoaderWhateverTheOutTierDoes() throws Exception {
        for (OutFault fault : OutFault.values()) {
            rig.outFaults.rate(fault, 1);
            G2Node node = rig.withOut();
            G2Cache<String, String> cache = Rig.cache(node);
            assertThat(cache.get("a" + fault, key -> "1")).isEqualTo("1");
            assertThat(cache.get("a" + fault, key -> "2")).isEqualTo("1");
            assertThat(Rig.get(cache.getAsync("b" + fault, key -> "1"))).isEqualTo("1");
            assertThat(cache.getAll(List.of("c" + fault), keys -> Map.of("c" + fault, "1")))
                    .containsEntry("c" + fault, "1");
            assertThat(cache.refresh("a" + fault, key -> "3")).isEqualTo("3");
            rig.outFaults.heal();
            rig.out.releaseLate();
            cache.put("a" + fault, "4");
            assertThat(Rig.cache(rig.withOut()).get("a" + fault)).isEqualTo("4");
        }
    }

    @Test
    void bytesOfAnotherCodecAreAMissAndAreReplaced() {
        G2Cache<String, String> texts = Rig.cache(rig.withOut());
        texts.put("a", "text");
        CacheSpec<String, Long> spec =
                CacheSpec.builder("cities", Codecs.string(), Codecs.int64()).build();
        G2Cache<String, Long> numbers = rig.withOut().cache(spec);
        assertThat(numbers.get("a")).isNull();
        assertThat(numbers.get("a", key -> 7L)).isEqualTo(7L);
        assertThat(numbers.stats().counter("decode_failure")).isPositive();
        assertThat(rig.withOut().cache(spec).getAll(List.of("a"))).containsEntry("a", 7L);
        assertThat(Rig.cache(rig.withOut()).get("a", key -> "loaded")).isEqualTo("loaded");
    }

    @Test
    void copyOnReadGivesEveryReaderAValueOfItsOwn() throws Exception {
        CacheSpec<String, byte[]> spec = CacheSpec.builder("bytes", Codecs.string(), Codecs.bytes())
                .copyOnRead(true)
                .build();
        for (G2Node node : List.of(rig.alone(), rig.withAll())) {
            G2Cache<String, byte[]> cache = node.cache(spec);
            byte[] loaded = cache.get("a", key -> new byte[] {1});
            loaded[0] = 9;
            byte[] first = cache.get("a");
            first[0] = 8;
            assertThat(cache.get("a")).containsExactly(1);
            assertThat(cache.getAll(List.of("a")).get("a")).containsExactly(1).isNotSameAs(cache.get("a"));
            byte[] put = {2};
            cache.put("b", put);
            put[0] = 7;
            assertThat(cache.get("b")).containsExactly(2);
        }
    }

    @Test
    void keysMayBeArrays() {
        CacheSpec<byte[], String> spec =
                CacheSpec.builder("arrays", Codecs.bytes(), Codecs.string()).build();
        for (G2Node node : List.of(rig.alone(), rig.withAll())) {
            G2Cache<byte[], String> cache = node.cache(spec);
            byte[] key = "k".getBytes(StandardCharsets.UTF_8);
            cache.put(key, "1");
            assertThat(cache.get(key.clone())).isEqualTo("1");
            key[0] = 'x';
            assertThat(cache.get("k".getBytes(StandardCharsets.UTF_8))).isEqualTo("1");
            assertThat(cache.getAll(List.of(new byte[] {'k'}, new byte[] {'k'})))
                    .hasSize(1);
            cache.invalidateAll(List.of(new byte[] {'k'}, new byte[] {'k'}));
            assertThat(cache.get(new byte[] {'k'})).isNull();
        }
    }
}
