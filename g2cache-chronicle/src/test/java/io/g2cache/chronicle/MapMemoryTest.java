package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.CollidingKeys;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import java.util.Random;
import net.openhft.chronicle.map.MapEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapMemoryTest {
    private static final int KEYS = 3_000;

    /** Geometries with places of 4 and of 8 bytes, sizes of one to three bytes, full and sparse. */
    @ParameterizedTest
    @CsvSource({"1, 1000, 64", "4, 4000, 100", "16, 2000, 3000", "1, 300000, 40000", "64, 200, 60"})
    void findsWhatChronicleFindsAtTheSamePlace(int segments, int entries, int averageBytes) {
        Random random = new Random(segments);
        try (Tier<byte[]> tier = Tier.ofBytes(segments, entries, averageBytes)) {
            for (int k = 0; k < KEYS; k++) {
                tier.fill(random.nextInt(2 * KEYS), k, new byte[random.nextInt(2 * averageBytes)]);
            }
            MapMemory memory = new MapMemory(tier.cache.map, 42);
            KeyData data = new KeyData();
            int found = 0;
            for (Segment segment : tier.cache.segments) {
                for (int slot = 0; slot < segment.policy().capacity(); slot++) {
                    found += compare(tier, memory, data.of(segment.policy().keyOf(slot))) ? 1 : 0;
                }
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(compare(tier, memory, data.of(random.nextLong()))).isFalse();
            }
            assertThat(found).isPositive();
        }
    }

    private static boolean compare(Tier<byte[]> tier, MapMemory memory, KeyData key) {
        EntryView ours = new EntryView();
        long hash = memory.hash(key.key());
        boolean found = memory.open(ours, memory.segment(hash), hash, key.key());
        try (var query = tier.cache.map.queryContext(key)) {
            query.readLock().lock();
            assertThat(memory.segment(hash)).isEqualTo(query.segmentIndex());
            MapEntry<Long, byte[]> entry = query.entry();
            assertThat(found).isEqualTo(entry != null);
            if (entry != null) {
                EntryView theirs = new EntryView();
                theirs.open(entry.value());
                assertThat(ours.size()).isEqualTo(theirs.size());
                assertThat(ours.version()).isEqualTo(theirs.version());
                assertThat(ours.value()).isEqualTo(theirs.value());
                assertThat(ours.key()).isEqualTo(theirs.key());
            }
        }
        return found;
    }

    @Test
    void everyByteOfAKeyCounts() {
        try (Opened<byte[], String> tier =
                Opened.open(ChronicleLocal.builder().hotEntries(0).build(), Codecs.bytes(), Codecs.string(), false)) {
            KeySpace keySpace = tier.keySpace();
            for (int length = 1; length <= 40; length++) {
                byte[] key = new byte[length];
                new Random(length).nextBytes(key);
                tier.apply(key, 1, "value");
                EncodedKey encoded = keySpace.key(key);
                assertThat(tier.cache().find(encoded)).isNotNull();
                for (int i = 0; i < length; i++) {
                    byte[] other = key.clone();
                    other[i] ^= (byte) 0x80;
                    assertThat(tier.cache().find(CollidingKeys.of(encoded, other)))
                            .as("length %d, byte %d", length, i)
                            .isNull();
                }
                assertThat(tier.cache().find(CollidingKeys.of(encoded, new byte[length + 1])))
                        .isNull();
                assertThat(tier.cache().remove(CollidingKeys.of(encoded, new byte[0]), 9))
                        .isFalse();
            }
            assertThat(tier.cache().fill(keySpace.key(new byte[100]), entry(tier), Admission.ALWAYS))
                    .isTrue();
            assertThat(tier.get(new byte[100])).isEqualTo("long");
        }
    }

    private static Entry entry(Opened<byte[], String> tier) {
        return Entry.value(1, Tier.NOW + 1, Tier.NOW + 2, tier.format().encode("long"));
    }
}
