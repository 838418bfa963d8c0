package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random use against a plain map: what is found is exactly what was stored last, or nothing. */
class ChronicleLocalModelTest {
    private static final int STEPS = 100_000;

    private final Map<Long, Stored> model = new HashMap<>();
    private long version;

    private record Stored(long version, byte @Nullable [] value) {}

    @ParameterizedTest
    @CsvSource({
        "1, 1, 64, 100, 0",
        "2, 4, 400, 64, 0",
        "3, 8, 1000, 1000, 0",
        "4, 1, 64, 100, 64",
        "5, 4, 400, 64, 10",
        "6, 8, 1000, 1000, 100"
    })
    void returnsWhatWasStoredLastOrNothing(long seed, int segments, int entries, int averageBytes, int hotEntries) {
        Random random = new Random(seed);
        try (Tier<byte[]> tier = Tier.ofBytes(segments, entries, averageBytes, hotEntries)) {
            for (int step = 0; step < STEPS; step++) {
                long key = random.nextInt(2 * entries);
                change(tier, key, random, averageBytes);
                assertHeldOrGone(tier, key, seed, step);
                assertHeldOrGone(tier, random.nextInt(2 * entries), seed, step);
                assertThat(tier.cache.estimatedSize()).isLessThanOrEqualTo(entries);
                if (step % 5_000 == 0) {
                    tier.assertConsistent();
                }
            }
            tier.assertConsistent();
            assertThat(tier.cache.evictions()).as("seed=%d", seed).isPositive();
            HotLayer<?, ?> hot = tier.cache.hot;
            assertThat(hot == null ? 0 : hot.estimatedSize())
                    .as("seed=%d", seed)
                    .isBetween(Math.min(1L, hotEntries), (long) hotEntries);
        }
    }

    private void change(Tier<byte[]> tier, long key, Random random, int averageBytes) {
        Stored old = model.get(key);
        long next = random.nextInt(10) == 0 ? random.nextLong(version + 1) : ++version;
        int choice = random.nextInt(100);
        if (choice < 35) {
            byte[] value = bytes(random, tier.maximumPayload(), averageBytes);
            if (tier.fill(key, next, value)) {
                model.put(key, new Stored(next, value));
            } else {
                assertThat(old).isNotNull();
            }
        } else if (choice < 70) {
            byte[] value = bytes(random, tier.maximumPayload(), averageBytes);
            if (tier.apply(key, next, value)) {
                model.put(key, new Stored(next, value));
            } else {
                assertThat(old).isNotNull();
            }
        } else if (choice < 80) {
            Entry absent = Entry.absent(next, Tier.NOW, Tier.NOW + Tier.HOUR);
            if (tier.cache.apply(tier.key(key), absent, Admission.ALWAYS)) {
                model.put(key, new Stored(next, null));
            }
        } else if (choice < 88) {
            tier.cache.remove(tier.key(key), next);
            if (old != null && old.version < next) {
                model.remove(key);
            }
        } else if (choice < 92) {
            tier.cache.discard(tier.key(key));
            model.remove(key);
        } else if (choice < 95) {
            byte[] tooLarge = new byte[tier.maximumPayload() + 1];
            assertThatThrownBy(() -> tier.apply(key, next, tooLarge)).isInstanceOf(TierException.class);
            if (old != null && old.version < next) {
                model.remove(key);
            }
        } else {
            tier.cache.cleanUp(Tier.NOW);
        }
    }

    /** Mostly around the average, now and then anything up to the limit. */
    private static byte[] bytes(Random random, int limit, int averageBytes) {
        int most = random.nextInt(50) == 0 ? limit : Math.min(limit, 2 * averageBytes);
        byte[] value = new byte[random.nextInt(200) == 0 ? limit : random.nextInt(most + 1)];
        random.nextBytes(value);
        return value;
    }

    private void assertHeldOrGone(Tier<byte[]> tier, long key, long seed, int step) {
        LocalEntry<byte[]> found = tier.find(key);
        byte[] got = tier.get(key);
        Stored stored = model.get(key);
        if (found == null) {
            assertThat(got).as("seed=%d step=%d", seed, step).isNull();
            return;
        }
        assertThat(stored).as("seed=%d step=%d", seed, step).isNotNull();
        assertThat(found.version()).as("seed=%d step=%d", seed, step).isEqualTo(stored.version);
        assertThat(found.value()).as("seed=%d step=%d", seed, step).isEqualTo(stored.value);
        assertThat(got).as("seed=%d step=%d", seed, step).isEqualTo(stored.value);
    }
}
