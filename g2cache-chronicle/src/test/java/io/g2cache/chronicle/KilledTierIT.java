package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TagFloor;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a JVM in the middle of its writes. Each key is written by one thread, which notes in a mapped file of its own what it
 * is about to do and what it has done, so that the truth survives as well as the tier.
 */
@Tag("slow")
@Timeout(900)
class KilledTierIT {
    private static final int THREADS = 2;
    private static final int KEYS = 400;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private static KeptTier open(Path root) {
        return KeptTier.in(root).size(300, 200, 4).open();
    }

    private static byte[] value(long key, long version) {
        byte[] value = new byte[(int) ((key * 31 + version * 17) % 500)];
        new Random(key << 32 ^ version).nextBytes(value);
        return value;
    }

    /** Whether a version is that of a removal. */
    private static boolean isRemoval(long version) {
        return version % 5 == 0;
    }

    private static LongBuffer journal(Path path) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * KEYS * Long.BYTES)
                    .asLongBuffer();
        }
    }

    /** Each position has floors of tags of its own. */
    private static Checkpoint checkpoint(long number) {
        List<TagFloor> floors = new ArrayList<>();
        for (int i = 0; i < number * 37 % 200; i++) {
            floors.add(new TagFloor(i % 4, number / 3, i));
        }
        return new Checkpoint(LogPosition.all(4, number), LogPosition.all(4, 0), floors);
    }

    /** Writes until it is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            LongBuffer journal = journal(Path.of(arguments[1]));
            KeptTier tier = open(Path.of(arguments[0]));
            tier.checkpoint(0, 0);
            for (int t = 0; t < THREADS; t++) {
                int first = t;
                new Thread(() -> write(tier, journal, first)).start();
            }
            new Thread(() -> checkpoints(tier)).start();
            System.out.println("WRITING");
        }

        private static void checkpoints(KeptTier tier) {
            for (long number = 1; ; number++) {
                tier.cache.checkpoint(checkpoint(number));
            }
        }

        private static void write(KeptTier tier, LongBuffer journal, int first) {
            Random random = new Random();
            while (true) {
                int key = random.nextInt(KEYS / THREADS) * THREADS + first;
                long version = journal.get(2 * key) + 1;
                journal.put(2 * key, version);
                VarHandle.fullFence();
                if (isRemoval(version)) {
                    tier.cache.remove(tier.key(key), version);
                } else {
                    tier.apply(key, version, value(key, version));
                }
                VarHandle.fullFence();
                journal.put(2 * key + 1, version);
            }
        }
    }

    @Test
    void whatWasRemovedBeforeAKillIsGoneAndWhatIsFoundIsWhole() throws Exception {
        rounds(4);
    }

    @Test
    @Tag("nightly")
    void manyKills() throws Exception {
        rounds(200);
    }

    private void rounds(int count) throws Exception {
        Path root = directory.resolve("root");
        Path journalFile = directory.resolve("journal");
        Random random = new Random();
        long found = 0;
        for (int round = 0; round < count; round++) {
            Files.deleteIfExists(journalFile);
            try (ChildJvm child = ChildJvm.start(directory, Writer.class, root, journalFile)) {
                long start = System.nanoTime();
                while (!child.output().contains("WRITING")) {
                    assertThat(child.isAlive()).as(child.output()).isTrue();
                    assertThat(System.nanoTime() - start).isLessThan(START_LIMIT.toNanos());
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(280));
                child.kill();
            }
            found += assertRight(root, journal(journalFile), "round=" + round);
        }
        assertThat(found).isGreaterThan(10L * count);
    }

    /** Returns how many entries there are; discards them, for the next round begins with versions of its own. */
    private static long assertRight(Path root, LongBuffer journal, String round) {
        long found = 0;
        try (KeptTier tier = open(root)) {
            Checkpoint checkpoint = tier.restored().checkpoint();
            assertThat(checkpoint)
                    .as(round)
                    .isEqualTo(checkpoint(checkpoint.position().offset(0)));
            for (int key = 0; key < KEYS; key++) {
                LocalEntry<byte[]> entry = tier.find(key);
                if (entry == null) {
                    continue;
                }
                long begun = journal.get(2 * key);
                long done = journal.get(2 * key + 1);
                assertThat(entry.version()).as("%s key=%d", round, key).isIn(begun, done);
                assertThat(isRemoval(entry.version()))
                        .as("%s key=%d", round, key)
                        .isFalse();
                assertThat(entry.value()).as("%s key=%d", round, key).isEqualTo(value(key, entry.version()));
                found++;
            }
            tier.cache.discardAll();
            tier.checkpoint(0, 0);
        }
        return found;
    }
}
