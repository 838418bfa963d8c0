package io.g2cache.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeySpaceTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void equalKeysOfOneCacheAreEqual() {
        EncodedKey one = new KeySpace("cities", 12).key(bytes("berlin"));
        EncodedKey same = new KeySpace("cities", 12).key(bytes("berlin"));
        assertThat(one)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .isNotEqualTo(new KeySpace("cities", 12).key(bytes("b")));
        assertThat(one.partition()).isEqualTo(same.partition());
        assertThat(one.hash()).isEqualTo(same.hash());
        assertThat(one.bytes()).isEqualTo(bytes("berlin"));
    }

    @Test
    void theCacheIsPartOfTheHash() {
        EncodedKey here = new KeySpace("cities", 12).key(bytes("berlin"));
        EncodedKey there = new KeySpace("rivers", 12).key(bytes("berlin"));
        assertThat(here.hash()).isNotEqualTo(there.hash());
        assertThat(here).isNotEqualTo(there);
    }

    @Test
    void hashAndPartitionAreFixedForEver() {
        EncodedKey key = new KeySpace("cities", 12).key(bytes("berlin"));
        assertThat(key.hash()).isEqualTo(Hash64.hash(bytes("berlin"), Hash64.hash(bytes("cities"), 0)));
        assertThat(key.partition()).isEqualTo((int) Long.remainderUnsigned(key.hash(), 12));
    }

    @Test
    void keysSpreadEvenlyOverThePartitions() {
        int partitions = 12;
        int keys = 24_000;
        KeySpace space = new KeySpace("cities", partitions);
        int[] counts = new int[partitions];
        for (int i = 0; i < keys; i++) {
            counts[space.key(bytes("city-" + i)).partition()]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(keys / partitions * 9 / 10, keys / partitions * 11 / 10);
        }
    }

    @Test
    void onePartitionTakesEverything() {
        KeySpace space = new KeySpace("cities", 1);
        assertThat(space.key(new byte[0]).partition()).isZero();
        assertThat(space.key(bytes("x")).partition()).isZero();
        assertThat(space.partitions()).isEqualTo(1);
        assertThat(space.cache()).isEqualTo("cities");
    }

    @Test
    void noPartitionIsRefused() {
        assertThatThrownBy(() -> new KeySpace("cities", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("partitions=0");
    }

    @Test
    void aLongKeyIsShownShortened() {
        String shown = new KeySpace("cities", 1).key(new byte[1_000]).toString();
        assertThat(shown).contains("length=1000").hasSizeLessThan(120);
    }
}
