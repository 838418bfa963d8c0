package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Codec;
import io.g2cache.spi.CollidingKeys;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCacheProvider;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HotLayerTest {
    private static Tier<byte[]> tier(int segments, int entries, int hotEntries) {
        return new Tier<>(Codecs.bytes(), segments, entries, 200, 1 << 20, hotEntries);
    }

    /** Fills and reads a key, so that its value is hot. */
    private static byte[] heat(Tier<byte[]> tier, long key, long version) {
        assertThat(tier.fill(key, version, new byte[] {(byte) key, (byte) version}))
                .isTrue();
        byte[] value = tier.get(key);
        assertThat(tier.get(key)).as("the hot object").isSameAs(value);
        return value;
    }

    @Test
    void aHotValueIsSharedAndFindAgrees() {
        try (Tier<byte[]> tier = tier(4, 100, 10)) {
            byte[] value = heat(tier, 5, 1);
            assertThat(tier.find(5).value()).isEqualTo(value);
            assertThat(tier.cache.hot.estimatedSize()).isEqualTo(1);
        }
    }

    @Test
    void whateverChangesTheMapChangesTheHotLayer() {
        check(tier -> tier.apply(5, 2, new byte[] {9}), new byte[] {9});
        check(tier -> tier.apply(5, 2, new byte[900]), new byte[900]);
        check(tier -> tier.fill(5, 1, new byte[] {8}), new byte[] {8});
        check(tier -> tier.cache.remove(tier.key(5), 2), null);
        check(tier -> tier.cache.discard(tier.key(5)), null);
        check(tier -> tier.cache.discardAll(), null);
        check(tier -> tier.cache.apply(tier.key(5), tier.entry(2, new byte[1]), (key, version) -> false), null);
        check(tier -> tier.cache.cleanUp(Tier.NOW + 3 * Tier.HOUR), null);
        check(tier -> tier.floors.set(tier.key(5).partition(), 2), null);
        check(
                tier -> {
                    EncodedKey other = CollidingKeys.of(tier.key(5), new byte[] {1});
                    tier.cache.apply(other, tier.entry(1, new byte[1]), Admission.ALWAYS);
                },
                null);
        check(Tier::close, null);
    }

    private static void check(Consumer<Tier<byte[]>> change, byte[] expected) {
        try (Tier<byte[]> tier = tier(1, 100, 10)) {
            heat(tier, 5, 1);
            change.accept(tier);
            assertThat(tier.get(5)).isEqualTo(expected);
            assertThat(tier.find(5) == null).isEqualTo(expected == null);
        }
    }

    @Test
    void aRefusedWriteLeavesIt() {
        try (Tier<byte[]> tier = tier(1, 100, 10)) {
            byte[] value = heat(tier, 5, 3);
            assertThat(tier.apply(5, 3, new byte[1])).isFalse();
            assertThat(tier.cache.remove(tier.key(5), 3)).isFalse();
            assertThat(tier.get(5)).isSameAs(value);
        }
    }

    @Test
    void deadlinesHold() {
        try (Tier<byte[]> tier = tier(1, 100, 10)) {
            heat(tier, 5, 3);
            assertThat(tier.cache.get(5L, Tier.NOW + Tier.HOUR - 1)).isNotNull();
            assertThat(tier.cache.get(5L, Tier.NOW + Tier.HOUR)).isNull();
        }
    }

    @Test
    void whatTheMapEvictsIsNotServed() {
        try (Tier<byte[]> tier = tier(2, 50, 50)) {
            for (int k = 0; k < 400; k++) {
                heat(tier, k, 1);
            }
            int held = 0;
            for (int k = 0; k < 400; k++) {
                boolean found = tier.find(k) != null;
                held += found ? 1 : 0;
                assertThat(tier.get(k) != null).as("key %d", k).isEqualTo(found);
            }
            assertThat(held).isEqualTo(50);
            tier.assertConsistent();
        }
    }

    @Test
    void aHotHitCountsAsAUseOfTheEntryBelow() {
        try (Tier<byte[]> tier = tier(1, 50, 10)) {
            byte[] value = heat(tier, 5, 1);
            for (int k = 100; k < 2_000; k++) {
                tier.fill(k, 1, new byte[1]);
                for (int use = 0; use < 3; use++) {
                    assertThat(tier.get(5)).isSameAs(value);
                }
            }
        }
    }

    @Test
    void itHoldsNoMoreThanItMay() {
        try (Tier<byte[]> tier = tier(4, 2_000, 20)) {
            for (int k = 0; k < 1_000; k++) {
                tier.fill(k, 1, new byte[100]);
                tier.get(k);
            }
            assertThat(tier.cache.hot.estimatedSize()).isBetween(1L, 20L);
            for (int k = 0; k < 50; k++) {
                tier.fill(k, 1, new byte[1_900]);
                tier.get(k);
            }
            for (int k = 1_000; k < 1_010; k++) {
                tier.fill(k, 1, new byte[1_900]);
                tier.get(k);
            }
            assertThat(tier.cache.hot.estimatedSize()).isBetween(0L, 20L);
        }
    }

    @Test
    void callersMayChangeTheirKeys() {
        try (Opened<byte[], String> tier = Opened.open(Opened.eager(100), Codecs.bytes(), Codecs.string(), false)) {
            byte[] key = {1, 2};
            tier.apply(key, 1, "one");
            String value = tier.get(key);
            key[0] = 9;
            assertThat(tier.get(key)).isNull();
            assertThat(tier.get(new byte[] {1, 2})).isSameAs(value);
        }
    }

    @Test
    void knownAbsencesAndBytesOfOthersDoNotComeIn() {
        try (Tier<byte[]> tier = tier(1, 50, 10)) {
            tier.cache.fill(tier.key(1), Entry.absent(1, Tier.NOW + 1, Tier.NOW + 2), Admission.ALWAYS);
            assertThat(tier.get(1)).isNull();
            assertThat(tier.cache.hot.estimatedSize()).isZero();
        }
    }

    @Test
    void theOptionBoundsItAndTurnsItOff() {
        assertThat(hotOf(ChronicleLocal.builder().build(), false)).isNotNull();
        assertThat(hotOf(ChronicleLocal.builder().hotEntries(5).build(), false)).isNotNull();
        assertThat(hotOf(ChronicleLocal.builder().hotEntries(0).build(), false)).isNull();
        assertThat(hotOf(ChronicleLocal.builder().hotEntries(5).build(), true))
                .as("copy on read")
                .isNull();
        assertThatThrownBy(() -> ChronicleLocal.builder().hotEntries(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hotEntries=-1");
    }

    private static HotLayer<String, String> hotOf(LocalCacheProvider provider, boolean copyOnRead) {
        try (Opened<String, String> tier = Opened.open(provider, Codecs.string(), Codecs.string(), copyOnRead)) {
            return tier.hot();
        }
    }

    @Test
    void valuesComeInByChanceOnceTheyAreUsedOften() {
        LocalCacheProvider provider = ChronicleLocal.builder().build();
        try (Opened<String, String> tier = Opened.open(provider, Codecs.string(), Codecs.string(), false)) {
            tier.apply("a", 1, "one");
            for (int i = 0; i < 3; i++) {
                assertThat(tier.get("a")).isEqualTo("one");
                assertThat(tier.hot().estimatedSize()).isZero();
            }
            for (int i = 0; i < 100_000 && tier.hot().estimatedSize() == 0; i++) {
                assertThat(tier.get("a")).isEqualTo("one");
            }
            assertThat(tier.hot().estimatedSize()).isEqualTo(1);
            assertThat(tier.get("a")).isSameAs(tier.get("a"));
        }
    }

    /** A codec of keys whose decoding, which brings a value in, waits for a write, in vain if that waits for the reader. */
    private record Waiting(AtomicReference<CountDownLatch> started, CountDownLatch written) implements Codec<Long> {
        @Override
        public String id() {
            return "waiting";
        }

        @Override
        public long fingerprint() {
            return 0;
        }

        @Override
        public byte[] encode(Long value) {
            return Codecs.int64().encode(value);
        }

        @Override
        public Long decode(ByteBuffer view) {
            Long key = Codecs.int64().decode(view);
            CountDownLatch signal = started.getAndSet(null);
            if (signal != null) {
                signal.countDown();
                try {
                    boolean passed = written.await(50, TimeUnit.MILLISECONDS);
                    assertThat(passed).as("a write went past a reader inside").isFalse();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return key;
        }
    }

    @Test
    void aWriteWaitsForAReaderThatBringsAValueIn() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        Waiting keys = new Waiting(new AtomicReference<>(started), written);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Opened<Long, String> tier = Opened.open(Opened.eager(100), keys, Codecs.string(), false)) {
            tier.apply(1L, 1, "old");
            Future<?> writer = executor.submit(() -> {
                assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
                tier.apply(1L, 2, "new");
                written.countDown();
                return true;
            });
            assertThat(tier.get(1L)).isEqualTo("old");
            writer.get(30, TimeUnit.SECONDS);
            assertThat(tier.get(1L)).isEqualTo("new");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void keysThatCannotBeDecodedNeitherComeInNorStay() {
        AtomicReference<Boolean> fails = new AtomicReference<>(true);
        Codec<Long> keys = new Codec<>() {
            @Override
            public String id() {
                return "failing";
            }

            @Override
            public long fingerprint() {
                return 0;
            }

            @Override
            public byte[] encode(Long value) {
                return Codecs.int64().encode(value);
            }

            @Override
            public Long decode(ByteBuffer view) {
                if (fails.get()) {
                    throw new IllegalStateException("malformed on purpose");
                }
                return Codecs.int64().decode(view);
            }
        };
        try (Opened<Long, String> tier = Opened.open(Opened.eager(100), keys, Codecs.string(), false)) {
            tier.apply(1L, 1, "old");
            assertThat(tier.get(1L)).isEqualTo("old");
            assertThat(tier.hot().estimatedSize()).isZero();
            fails.set(false);
            assertThat(tier.get(1L)).isSameAs(tier.get(1L));
            fails.set(true);
            tier.apply(1L, 2, "new");
            assertThat(tier.get(1L)).isEqualTo("new");
        }
    }
}
