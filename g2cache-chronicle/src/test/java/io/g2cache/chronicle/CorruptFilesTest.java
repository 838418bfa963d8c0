package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens damaged directories in a JVM of its own: whatever is found in them is right, and nothing throws, hangs, or ends the
 * JVM.
 */
class CorruptFilesTest {
    private static final int KEYS = 400;
    private static final int MOST_FLIPS = 64;
    private static final int BLOCK = 4096;

    @TempDir
    private Path directory;

    private static KeptTier open(Path root, String cache) {
        KeptTier.Settings settings = KeptTier.in(root).size(500, 100, 4);
        settings.cache = cache;
        return settings.open();
    }

    private static byte[] value(long key) {
        byte[] value = new byte[Math.floorMod(key * 7, 300)];
        new Random(key).nextBytes(value);
        return value;
    }

    private static void fill(KeptTier tier) {
        for (int key = 0; key < KEYS; key++) {
            tier.fill(key, 2L * key, value(-key - 1));
            tier.apply(key, 2L * key + 1, value(key));
        }
        for (int key = 0; key < KEYS; key += 10) {
            tier.cache.remove(tier.key(key), 2L * key + 2);
        }
        tier.checkpoint(2 * KEYS, 0);
        tier.checkpoint(2 * KEYS + 1, 1);
    }

    /** Null or exactly what was stored last. */
    private static void assertRight(KeptTier tier) {
        Restored restored = tier.cache.restored();
        if (restored != null) {
            assertThat(restored.checkpoint().position())
                    .isIn(LogPosition.all(tier.partitions, 2 * KEYS), LogPosition.all(tier.partitions, 2 * KEYS + 1));
        }
        for (long key = 0; key < KEYS; key++) {
            LocalEntry<byte[]> found = tier.find(key);
            if (found != null) {
                assertThat(key % 10).as("key=%d was removed", key).isNotZero();
                assertThat(found.version()).as("key=%d", key).isEqualTo(2 * key + 1);
                assertThat(found.hardDeadline()).as("key=%d", key).isEqualTo(KeptTier.NOW + 2 * KeptTier.HOUR);
                assertThat(found.value()).as("key=%d", key).isEqualTo(value(key));
            }
        }
    }

    /** Opens one directory after the other, and says what it found. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            int warm = 0;
            long held = 0;
            int count = Integer.parseInt(arguments[1]);
            for (int i = 0; i < count; i++) {
                Path root = Path.of(arguments[0]).resolve("damaged-" + i);
                try {
                    try (KeptTier tier = open(root, KeptTier.CACHE)) {
                        warm += tier.cache.restored() == null ? 0 : 1;
                        held += tier.cache.estimatedSize();
                        assertRight(tier);
                        fill(tier);
                        assertRight(tier);
                    }
                    try (KeptTier again = open(root, KeptTier.CACHE)) {
                        assertThat(again.restored().entries()).isGreaterThan(KEYS / 2);
                        assertRight(again);
                    }
                } catch (Throwable e) {
                    System.out.println("FAILED file=" + i);
                    e.printStackTrace(System.out);
                }
            }
            System.out.println("OPENED " + count + " warm=" + warm + " held=" + held + ".");
        }
    }

    @Test
    @Timeout(300)
    void damagedFilesNeverYieldAWrongValue() throws Exception {
        open(50, Duration.ofMinutes(4));
    }

    @Test
    @Tag("nightly")
    @Timeout(3_600)
    void manyDamagedFiles() throws Exception {
        for (int i = 0; i < 10; i++) {
            open(100, Duration.ofMinutes(5));
        }
    }

    private void open(int count, Duration limit) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path work = Files.createTempDirectory(directory, "work");
        Path killed = work.resolve("killed");
        Path closed = work.resolve("closed");
        Path other = work.resolve("other");
        try (KeptTier tier = open(closed, KeptTier.CACHE);
                KeptTier another = open(other, "another")) {
            fill(tier);
            fill(another);
            KeptTier.copy(closed, killed);
        }
        List<String> damages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Path root = KeptTier.copy(random.nextBoolean() ? killed : closed, work.resolve("damaged-" + i));
            damages.add(damage(root.resolve(KeptTier.CACHE), other.resolve("another"), random));
        }
        try (ChildJvm child = ChildJvm.start(work, Opener.class, work, count)) {
            String output = child.await(limit);
            assertThat(output)
                    .as("seed=%d damages=%s", seed, damages)
                    .contains("OPENED " + count)
                    .doesNotContain("FAILED");
            // most damages leave most entries alone
            assertThat(output).containsPattern("warm=[1-9]").containsPattern("held=[0-9]{4,}");
        }
    }

    private static String damage(Path cache, Path other, Random random) throws IOException {
        int choice = random.nextInt(10);
        boolean hasImage = Files.exists(cache.resolve("image-1"));
        String name =
                hasImage && choice == 0 ? "image-1" : choice < 6 ? "map-1" : choice < 8 ? "header" : "checkpoint-1";
        Path file = cache.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        int from = random.nextInt(bytes.length);
        int to = from + 1 + random.nextInt(Math.min(bytes.length - from, 20_000));
        String kind;
        switch (random.nextInt(8)) {
            case 0 -> {
                kind = "cut to " + from;
                bytes = Arrays.copyOf(bytes, from);
            }
            case 1 -> {
                kind = "zeros from " + from + " to " + to;
                Arrays.fill(bytes, from, to, (byte) 0);
            }
            case 2 -> {
                kind = "random bytes from " + from + " to " + to;
                byte[] noise = new byte[to - from];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, from, noise.length);
            }
            case 3 -> {
                kind = "blocks swapped";
                swap(bytes, random);
            }
            case 4 -> {
                kind = "another cache's";
                bytes = Files.readAllBytes(other.resolve(name));
            }
            case 5 -> {
                kind = "longer";
                bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(100_000));
            }
            default -> {
                int flips = 1 + random.nextInt(MOST_FLIPS);
                kind = flips + " flips";
                for (int i = 0; i < flips; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap(bytes));
        }
        return name + ": " + kind;
    }

    private static void swap(byte[] bytes, Random random) {
        int length = Math.min(BLOCK, bytes.length / 2);
        int first = random.nextInt(bytes.length / length) * length;
        int second = random.nextInt(bytes.length / length) * length;
        for (int i = 0; i < length; i++) {
            byte moved = bytes[first + i];
            bytes[first + i] = bytes[second + i];
            bytes[second + i] = moved;
        }
    }
}
