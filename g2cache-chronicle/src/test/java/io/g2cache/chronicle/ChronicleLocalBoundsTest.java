package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fits, what does not, and entries that grow and shrink where nothing is free. */
class ChronicleLocalBoundsTest {
    private static byte[] value(long key, int length) {
        byte[] value = new byte[length];
        Arrays.fill(value, (byte) key);
        return value;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 1000})
    void theMaximumIsReachedAndNeverPassed(int entries) {
        try (Tier<byte[]> tier = Tier.ofBytes(4, entries, 64)) {
            for (int k = 0; k < 20 * entries; k++) {
                assertThat(tier.fill(k, 1, value(k, 20))).isTrue();
                assertThat(tier.get(k)).isEqualTo(value(k, 20));
                assertThat(tier.cache.map.longSize()).isLessThanOrEqualTo(entries);
            }
            assertThat(tier.cache.estimatedSize()).isEqualTo(entries);
            assertThat(tier.cache.evictions()).isEqualTo(19L * entries);
            tier.assertConsistent();
        }
    }

    @Test
    void anEntryOfTheWholeSegmentFitsIntoAFullTierAndOneByteMoreChangesNothing() {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 500, 100)) {
            int limit = tier.maximumPayload();
            for (int round = 0; round < 3; round++) {
                for (int k = 0; k < 1_000; k++) {
                    tier.fill(k, 1, value(k, 50));
                }
                long held = tier.cache.estimatedSize();
                assertThatThrownBy(() -> tier.fill(5_000, 1, value(1, limit + 1)))
                        .isInstanceOf(TierException.class)
                        .hasMessageContaining("bytes=" + (tier.cache.geometry.maximumSize() + 1))
                        .hasMessageContaining("limit=" + tier.cache.geometry.maximumSize());
                assertThat(tier.cache.estimatedSize()).isEqualTo(held);
                assertThat(tier.fill(5_000, 1, value(2, limit))).isTrue();
                assertThat(tier.get(5_000)).isEqualTo(value(2, limit));
                assertThat(tier.cache.estimatedSize()).isEqualTo(1);
                tier.assertConsistent();
            }
        }
    }

    @Test
    void growingAndShrinkingInAFullTierLeavesEveryOtherEntryWhole() {
        Random random = new Random(7);
        try (Tier<byte[]> tier = Tier.ofBytes(1, 300, 200)) {
            int[] length = new int[300];
            int version = 0;
            for (int step = 0; step < 60_000; step++) {
                int k = random.nextInt(length.length);
                length[k] = random.nextInt(step % 2 == 0 ? 60 : 900);
                assertThat(tier.apply(k, ++version, value(k, length[k]))).isTrue();
                assertThat(tier.get(k)).as("seed=7 step=%d", step).isEqualTo(value(k, length[k]));
                if (step % 500 == 0) {
                    for (int other = 0; other < length.length; other++) {
                        byte[] held = tier.get(other);
                        if (held != null) {
                            assertThat(held).as("seed=7 step=%d", step).isEqualTo(value(other, length[other]));
                        }
                    }
                    tier.assertConsistent();
                }
            }
            assertThat(tier.cache.evictions()).isPositive();
        }
    }

    @Test
    void anEntryOfTheSameSizeIsReplacedWhereItIs() {
        try (Tier<byte[]> tier = Tier.ofBytes(1, 100, 100)) {
            for (int k = 0; k < 100; k++) {
                tier.fill(k, 1, value(k, 80));
            }
            for (int version = 2; version < 1_000; version++) {
                assertThat(tier.apply(version % 100, version, value(version, 80)))
                        .isTrue();
                assertThat(tier.get(version % 100)).isEqualTo(value(version, 80));
            }
            assertThat(tier.cache.evictions()).isZero();
            tier.assertConsistent();
        }
    }

    @Test
    void aSegmentCountIsRefusedUnlessItIsAPowerOfTwo() {
        for (int segments : new int[] {-1, 0, 3, 1 << 17}) {
            assertThatThrownBy(() -> ChronicleLocal.builder().segments(segments))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("segments=" + segments)
                    .hasMessageContaining("65536");
        }
        assertThat(ChronicleLocal.builder().segments(16).build().name()).isEqualTo("chronicle");
    }
}
