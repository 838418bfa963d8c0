package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TagFloor;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    private static final Seal SEAL = new Seal(0x01020304, 77);
    private static final int SECOND_SLOT = 4096;

    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void create() throws Exception {
        path = Files.createFile(directory.resolve("checkpoint"));
    }

    private static Checkpoint checkpoint(long position) {
        return new Checkpoint(LogPosition.of(position, position + 1, 0), LogPosition.of(Long.MIN_VALUE, -1, position));
    }

    private void write(int count) throws Exception {
        try (CheckpointFile file = CheckpointFile.create(path, 3, SEAL)) {
            for (int i = 1; i <= count; i++) {
                file.write(checkpoint(i));
            }
        }
    }

    private void flip(int offset) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            int old = file.read();
            file.seek(offset);
            file.write(old ^ 1);
        }
    }

    @Test
    void anEmptyOrMissingFileHasNone() throws Exception {
        assertThat(CheckpointFile.read(path, 3, SEAL)).isNull();
        assertThat(CheckpointFile.read(directory.resolve("missing"), 3, SEAL)).isNull();
    }

    @Test
    void aFileHasItsWholeLengthFromTheStart() throws Exception {
        write(0);
        long length = Files.size(path);
        assertThat(CheckpointFile.read(path, 3, SEAL)).isNull();
        write(5);
        assertThat(Files.size(path)).isEqualTo(length);
    }

    @Test
    void theNewestIsRead() throws Exception {
        for (int count = 1; count < 6; count++) {
            write(count);
            assertThat(CheckpointFile.read(path, 3, SEAL)).isEqualTo(checkpoint(count));
        }
    }

    @Test
    void aDamagedOneFallsBackToTheOneBefore() throws Exception {
        // the fourth is in the first slot
        for (int offset = 0; offset < 8 + 4 + 16 + 48 + 4; offset++) {
            write(4);
            flip(offset);
            assertThat(CheckpointFile.read(path, 3, SEAL))
                    .as("offset=%d", offset)
                    .isEqualTo(checkpoint(3));
            flip(SECOND_SLOT + offset);
            assertThat(CheckpointFile.read(path, 3, SEAL))
                    .as("offset=%d", offset)
                    .isNull();
        }
    }

    @Test
    void aCutFileFallsBackToWhatIsWhole() throws Exception {
        write(3);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SECOND_SLOT + 79);
        }
        assertThat(CheckpointFile.read(path, 3, SEAL)).isEqualTo(checkpoint(2));
    }

    private static Checkpoint withTags(long position, Random random) {
        List<TagFloor> floors = new ArrayList<>();
        int count = random.nextInt(4) == 0 ? 0 : random.nextInt(300);
        for (int i = 0; i < count; i++) {
            floors.add(new TagFloor(random.nextInt(3), random.nextLong(), position - i));
        }
        Checkpoint plain = checkpoint(position);
        return new Checkpoint(plain.position(), plain.floors(), floors);
    }

    @Test
    void floorsOfTagsComeBackAndAWriteThatIsCutShortFallsBackToTheOneBefore() throws Exception {
        Random random = new Random(7);
        write(0);
        Checkpoint before = withTags(0, random);
        try (CheckpointFile file = CheckpointFile.create(path, 3, SEAL)) {
            file.write(before);
        }
        for (int i = 1; i < 300; i++) {
            Checkpoint next = random.nextBoolean()
                    ? withTags(i, random)
                    : new Checkpoint(checkpoint(i).position(), before.floors(), before.tagFloors());
            byte[] old = Files.readAllBytes(path);
            try (CheckpointFile file = CheckpointFile.again(path, 3, SEAL)) {
                file.write(next);
            }
            byte[] all = Files.readAllBytes(path);
            assertThat(CheckpointFile.read(path, 3, SEAL)).isEqualTo(next);
            Files.write(path, cut(old, all, SECOND_SLOT * 2, all.length, random));
            assertThat(CheckpointFile.read(path, 3, SEAL))
                    .as("tags cut, i=%d", i)
                    .isEqualTo(before);
            byte[] slotCut = cut(all, old, 0, SECOND_SLOT * 2, random);
            Files.write(path, slotCut);
            assertThat(CheckpointFile.read(path, 3, SEAL))
                    .as("slot cut, i=%d", i)
                    .isEqualTo(Arrays.equals(slotCut, all) ? next : before);
            Files.write(path, all);
            before = next;
        }
        assertThat(Files.size(path)).isLessThan(SECOND_SLOT * 2 + 3 * 300 * 20);
    }

    /** The first array, with some bytes of a part as in the second one, which may be longer. */
    private static byte[] cut(byte[] first, byte[] second, int from, int to, Random random) {
        byte[] mixed = Arrays.copyOf(first, Math.max(first.length, Math.min(second.length, to)));
        int chance = 1 + random.nextInt(10);
        for (int i = from; i < Math.min(to, second.length); i++) {
            if (random.nextInt(10) < chance) {
                mixed[i] = second[i];
            }
        }
        return mixed;
    }

    @Test
    void floorsOfTagsThatHaveNotChangedAreNotWrittenAgain() throws Exception {
        Checkpoint first = withTags(1, new Random(2));
        assertThat(first.tagFloors()).hasSizeGreaterThan(10);
        try (CheckpointFile file = CheckpointFile.create(path, 3, SEAL)) {
            file.write(first);
            long length = Files.size(path);
            byte[] unwritable = new byte[20];
            try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
                out.seek(2L * SECOND_SLOT);
                out.write(unwritable);
            }
            file.write(new Checkpoint(first.position(), first.floors(), List.copyOf(first.tagFloors())));
            assertThat(Files.size(path)).isEqualTo(length);
            try (RandomAccessFile in = new RandomAccessFile(path.toFile(), "r")) {
                byte[] there = new byte[20];
                in.seek(2L * SECOND_SLOT);
                in.readFully(there);
                assertThat(there).isEqualTo(unwritable);
            }
        }
        assertThat(CheckpointFile.read(path, 3, SEAL)).as("damaged floors").isNull();
    }

    @Test
    void oneOfAnotherMapOrPartitionCountIsNone() throws Exception {
        write(2);
        assertThat(CheckpointFile.read(path, 3, new Seal(SEAL.mark(), 78))).isNull();
        assertThat(CheckpointFile.read(path, 2, SEAL)).isNull();
        assertThat(CheckpointFile.read(path, 4, SEAL)).isNull();
    }
}
