package io.g2cache.testkit;

import static io.g2cache.testkit.LocalTier.MAXIMUM_ENTRIES;
import static io.g2cache.testkit.LocalTier.MAXIMUM_VALUE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.crypto.KeyHasher;
import io.g2cache.spi.Codec;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.ValueFormat;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The part of the contract that fills a local tier to its bounds. */
final class LocalCacheBounds {
    private static final int MOST_SAMPLES = 50;
    private static final int LARGEST = MAXIMUM_VALUE_BYTES - ValueFormat.HEADER_BYTES;

    private LocalCacheBounds() {}

    static void valuesOfEverySizeComeBack(LocalCacheProvider provider) {
        try (var bytes = LocalTier.open(provider, "sizes", Codecs.string(), Codecs.bytes(), false)) {
            Random random = new Random(1);
            long version = 0;
            for (int size = 0; size <= LARGEST; size += size < 300 ? 1 : 331) {
                roundTrip(bytes, size, ++version, random);
            }
            roundTrip(bytes, LARGEST, ++version, random);
            roundTrip(bytes, 0, ++version, random);
        }
    }

    private static void roundTrip(LocalTier<String, byte[]> bytes, int size, long version, Random random) {
        byte[] value = new byte[size];
        random.nextBytes(value);
        String shared = "shared";
        String own = "size-" + size;
        assertThat(bytes.apply(shared, version, value)).as("size=%d", size).isTrue();
        assertThat(bytes.get(shared)).as("size=%d", size).isEqualTo(value);
        assertThat(bytes.fill(own, version, value)).as("size=%d", size).isTrue();
        assertThat(bytes.get(own)).as("size=%d", size).isEqualTo(value);
    }

    static void everyKeyIsSampledInTurn(LocalTier<String, String> tier) {
        assertThat(tier.cache().sample(3)).isEmpty();
        Set<EncodedKey> held = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            tier.fill("key-" + i, i, "value");
            held.add(tier.key("key-" + i));
        }
        Set<EncodedKey> sampled = new HashSet<>();
        for (int i = 0; i < MOST_SAMPLES && !sampled.equals(held); i++) {
            List<EncodedKey> some = tier.cache().sample(3);
            assertThat(some).hasSizeLessThanOrEqualTo(3).isSubsetOf(held);
            sampled.addAll(some);
        }
        assertThat(sampled).isEqualTo(held);
    }

    /** Such keys cannot be decoded. */
    static void keysMayBeHashed(LocalCacheProvider provider) {
        Codec<String> hashed = KeyHasher.hmacSha256(new byte[32]).codec("hashed", Codecs.string());
        try (var tier = LocalTier.open(provider, "hashed", hashed, Codecs.string(), false)) {
            for (int i = 0; i < 200; i++) {
                String key = "key-" + i;
                assertThat(tier.fill(key, 1, "filled " + i)).isTrue();
                for (int reads = 0; reads < 20; reads++) {
                    assertThat(tier.get(key)).isEqualTo("filled " + i);
                }
                assertThat(tier.apply(key, 2, "applied " + i)).isTrue();
                assertThat(tier.get(key)).isEqualTo("applied " + i);
                assertThat(tier.cache().find(tier.key(key)))
                        .isEqualTo(new LocalEntry<>(2, LocalTier.SOFT, LocalTier.HARD, "applied " + i));
                assertThat(tier.cache().remove(tier.key(key), 3)).isTrue();
                assertThat(tier.get(key)).isNull();
                assertThat(tier.fill(key, 3, "again")).isTrue();
                assertThat(tier.get(key)).isEqualTo("again");
                tier.cache().discard(tier.key(key));
                assertThat(tier.get(key)).isNull();
            }
            assertThat(tier.fill("kept", 4, "sampled")).isTrue();
            Set<EncodedKey> sampled = new HashSet<>();
            for (int i = 0; i < MOST_SAMPLES && sampled.isEmpty(); i++) {
                sampled.addAll(tier.cache().sample(3));
            }
            assertThat(sampled).containsExactly(tier.key("kept"));
        }
    }

    static void manyInsertsEvictAndNeverThrow(LocalTier<String, String> tier) {
        int inserts = 10 * MAXIMUM_ENTRIES;
        Random random = new Random(2);
        for (int i = 0; i < inserts; i++) {
            String value = i + ":" + "v".repeat(random.nextInt(700));
            String key = "key-" + i;
            if (i % 2 == 0) {
                tier.fill(key, i, value);
            } else {
                tier.apply(key, i, value);
            }
            if (i % 1_000 == 0) {
                assertThat(tier.cache().estimatedSize()).isLessThanOrEqualTo(MAXIMUM_ENTRIES * 11L / 10);
            }
        }
        tier.cache().cleanUp(LocalTier.NOW);
        int held = 0;
        for (int i = 0; i < inserts; i++) {
            String value = tier.get("key-" + i);
            if (value != null) {
                assertThat(value).startsWith(i + ":");
                held++;
            }
        }
        assertThat(held).as("entries held").isBetween(MAXIMUM_ENTRIES / 2, MAXIMUM_ENTRIES);
        assertThat(tier.cache().estimatedSize()).isBetween(held * 9L / 10, held * 11L / 10);
        assertThat(tier.cache().evictions()).isGreaterThanOrEqualTo(inserts - MAXIMUM_ENTRIES * 11L / 10);
        assertHealthy(tier);
    }

    static void entriesThatGrowAndShrinkInPlaceStayWhole(LocalTier<String, String> tier) {
        Random random = new Random(3);
        int keys = MAXIMUM_ENTRIES;
        long[] newest = new long[keys];
        Arrays.fill(newest, -1);
        long version = 0;
        for (int i = 0; i < 30 * keys; i++) {
            int k = random.nextInt(keys);
            // small values, values above the average, and now and then nearly the largest there may be
            int size = random.nextInt(100) == 0 ? LARGEST - 40 : random.nextInt(random.nextBoolean() ? 64 : 2_048);
            String value = k + "@" + ++version + ":" + "x".repeat(size);
            boolean stored =
                    random.nextBoolean() ? tier.apply("k" + k, version, value) : tier.fill("k" + k, version, value);
            assertThat(stored).as("seed=3 step=%d", i).isTrue();
            newest[k] = version;
            int other = random.nextInt(keys);
            assertWhole(tier, k, newest[k]);
            assertWhole(tier, other, newest[other]);
        }
        assertHealthy(tier);
    }

    /** Either gone or exactly what was stored last. */
    private static void assertWhole(LocalTier<String, String> tier, int k, long version) {
        String value = tier.get("k" + k);
        if (value != null) {
            assertThat(value).as("seed=3").startsWith(k + "@" + version + ":");
        }
    }

    /** A full tier still stores, finds, replaces and removes. */
    private static void assertHealthy(LocalTier<String, String> tier) {
        for (int i = 0; i < 100; i++) {
            String key = "healthy-" + i;
            assertThat(tier.fill(key, 1, "one")).isTrue();
            assertThat(tier.get(key)).isEqualTo("one");
            assertThat(tier.apply(key, 2, "two".repeat(400))).isTrue();
            assertThat(tier.get(key)).isEqualTo("two".repeat(400));
            assertThat(tier.cache().remove(tier.key(key), 3)).isTrue();
            assertThat(tier.find(key)).isNull();
        }
    }
}
