package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tier that was closed uses its map again; where anything does not fit, its entries are salvaged. */
final class KeptImageTest {
    private static final int KEYS = 300;

    @TempDir
    private Path work;

    private Path directory = Path.of("");
    private Path files = Path.of("");

    @BeforeEach
    void fillAndClose() throws Exception {
        directory = work.resolve("root");
        files = directory.resolve(KeptTier.CACHE);
        try (KeptTier tier = settings().open()) {
            for (int key = 0; key < KEYS; key++) {
                tier.fill(key, key + 1, value(key));
            }
            for (int key = 0; key < KEYS; key += 3) {
                tier.cache.remove(tier.key(key), KEYS + 1);
            }
            tier.checkpoint(KEYS + 1, Long.MIN_VALUE);
        }
    }

    private KeptTier.Settings settings() {
        return KeptTier.in(directory).size(400, 100, 4);
    }

    private static byte[] value(long key) {
        byte[] value = new byte[50];
        new Random(key).nextBytes(value);
        return value;
    }

    private static void assertHolds(KeptTier tier) {
        assertThat(tier.restored().entries()).isEqualTo(KEYS - KEYS / 3);
        for (int key = 0; key < KEYS; key++) {
            if (key % 3 == 0) {
                assertThat(tier.find(key)).as("key=%d", key).isNull();
            } else {
                assertThat(tier.value(key)).as("key=%d", key).isEqualTo(value(key));
            }
        }
    }

    private void damage(String name, long at) throws Exception {
        byte[] bytes = Files.readAllBytes(files.resolve(name));
        bytes[(int) (at < 0 ? bytes.length + at : at)] ^= 1;
        Files.write(files.resolve(name), bytes);
    }

    @Test
    void theMapIsUsedAgain() throws Exception {
        try (KeptTier tier = settings().open()) {
            assertHolds(tier);
            assertThat(files.resolve("map-1")).exists();
            assertThat(files.resolve("image-1")).doesNotExist();
            long newest = 0;
            for (int p = 0; p < tier.partitions; p++) {
                newest = Math.max(newest, tier.restored().newest().offset(p));
            }
            assertThat(newest).isEqualTo(KEYS);
        }
        assertThat(files.resolve("image-1")).exists();
    }

    @Test
    void whatIsKnownOfEachSegmentIsTakenOver() {
        try (KeptTier tier = settings().open()) {
            long slots = 0;
            for (Segment segment : tier.cache.segments) {
                slots += segment.policy().size();
                assertThat(segment.freeChunks()).isLessThan(tier.cache.geometry.segmentChunks());
            }
            assertThat(slots).isEqualTo(tier.cache.map.size());
            for (int key = KEYS; key < 20 * KEYS; key++) {
                tier.fill(key, key, value(key));
                assertThat(tier.cache.estimatedSize()).isLessThanOrEqualTo(400);
            }
            assertThat(tier.cache.estimatedSize()).isEqualTo(tier.cache.map.size());
            assertThat(tier.cache.evictions()).isPositive();
        }
    }

    @Test
    void aKillAfterItWasUsedAgainLosesAndBringsBackNothing() throws Exception {
        Path copy;
        try (KeptTier tier = settings().open()) {
            tier.cache.remove(tier.key(1), KEYS + 2);
            tier.fill(2, KEYS + 2, value(1_000));
            copy = KeptTier.copy(directory, work.resolve("copy"));
        }
        try (KeptTier tier = KeptTier.in(copy).size(400, 100, 4).open()) {
            assertThat(copy.resolve(KeptTier.CACHE).resolve("map-2")).exists();
            assertThat(tier.find(1)).isNull();
            assertThat(tier.value(2)).isEqualTo(value(1_000));
            assertThat(tier.value(4)).isEqualTo(value(4));
            assertThat(tier.find(3)).isNull();
        }
    }

    @Test
    void aDamagedImageCostsASalvage() throws Exception {
        for (long at : new long[] {0, 9, 200, -1, -9}) {
            damage(image(), at);
            assertSalvaged();
        }
    }

    private String image() throws Exception {
        return files("image-").get(0);
    }

    private List<String> files(String beginning) throws Exception {
        try (var all = Files.list(files)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(beginning))
                    .toList();
        }
    }

    @Test
    void aMissingOrShorterOrLongerImageCostsASalvage() throws Exception {
        Files.delete(files.resolve(image()));
        assertSalvaged();
        byte[] bytes = Files.readAllBytes(files.resolve(image()));
        Files.write(files.resolve(image()), Arrays.copyOf(bytes, bytes.length - 1));
        assertSalvaged();
        bytes = Files.readAllBytes(files.resolve(image()));
        Files.write(files.resolve(image()), Arrays.copyOf(bytes, bytes.length + 1));
        assertSalvaged();
        Files.write(files.resolve(image()), new byte[0]);
        assertSalvaged();
    }

    /** Its first byte is Chronicle's own: whoever opened such a file before looking could wait for ever. */
    @Test
    void aDamagedMapCostsASalvage() throws Exception {
        damage("map-1", 0);
        assertSalvaged();
    }

    private void assertSalvaged() throws Exception {
        List<String> before = files("map-");
        try (KeptTier tier = settings().open()) {
            assertHolds(tier);
            assertThat(files("map-")).isNotEqualTo(before);
        }
    }

    @Test
    void otherSizesCostASalvage() throws Exception {
        try (KeptTier tier = KeptTier.in(directory).size(800, 100, 4).open()) {
            assertHolds(tier);
            assertThat(files.resolve("map-2")).exists();
        }
    }
}
