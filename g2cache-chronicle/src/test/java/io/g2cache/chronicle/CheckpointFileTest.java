package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LogPosition;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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
        for (int offset = 0; offset < 8 + 4 + 48 + 4; offset++) {
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
            file.setLength(SECOND_SLOT + 63);
        }
        assertThat(CheckpointFile.read(path, 3, SEAL)).isEqualTo(checkpoint(2));
    }

    @Test
    void oneOfAnotherMapOrPartitionCountIsNone() throws Exception {
        write(2);
        assertThat(CheckpointFile.read(path, 3, new Seal(SEAL.mark(), 78))).isNull();
        assertThat(CheckpointFile.read(path, 2, SEAL)).isNull();
        assertThat(CheckpointFile.read(path, 4, SEAL)).isNull();
    }
}
