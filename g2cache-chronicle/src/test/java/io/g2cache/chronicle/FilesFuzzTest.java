package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.TagFloor;
import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;

/** The small files of a kept tier: header, checkpoint, image. Map files are damaged in {@link CorruptFilesTest}. */
class FilesFuzzTest extends DecoderFuzz {
    private static final Seal SEAL = new Seal(0x01020304, 77);
    private static final int PARTITIONS = 3;

    @TempDir
    private Path directory;

    @Override
    protected List<Fuzz> decoders() throws Exception {
        return List.of(header(), checkpoint(), image());
    }

    private static Fuzz header() {
        StoreIdentity identity = new StoreIdentity("cities", "g1", 12, "string", 0, "json", 0x1234567890L);
        StoreHeader header =
                new StoreHeader(identity, 7, SEAL, 99, true, "boot-id", new Geometry(100_000, 64, 128, 4096, 0));
        return Fuzz.of(
                        "header of a kept tier",
                        List.of(header.encode(), header.opened("").encode()),
                        bytes -> {
                            StoreHeader read = StoreHeader.decode(bytes);
                            assertThat(StoreHeader.decode(read.encode())).isEqualTo(read);
                            return true;
                        })
                .mayThrow(UnusableStoreException.class)
                .allocatingAtMost(1 << 20, 64)
                .repairedBy(bytes -> {
                    int end = bytes.length - Integer.BYTES;
                    if (end > 0) {
                        CRC32C checksum = new CRC32C();
                        checksum.update(bytes, 0, end);
                        ByteBuffer.wrap(bytes).putInt(end, (int) checksum.getValue());
                    }
                    return bytes;
                });
    }

    /** Null, or one of those that were written: the checksums depend on a secret, so no mutant repairs them. */
    private Fuzz checkpoint() throws IOException {
        Path path = directory.resolve("checkpoint");
        List<Checkpoint> written = new ArrayList<>();
        List<byte[]> good = new ArrayList<>();
        Files.createFile(path);
        try (CheckpointFile file = CheckpointFile.create(path, PARTITIONS, SEAL)) {
            for (int i = 0; i < 4; i++) {
                Checkpoint next = new Checkpoint(
                        LogPosition.of(i, i + 1, 0),
                        LogPosition.of(Long.MIN_VALUE, -1, i),
                        i == 0 ? List.of() : List.of(new TagFloor(0, 5, i), new TagFloor(2, -9, i)));
                file.write(next);
                written.add(next);
                good.add(Files.readAllBytes(path));
            }
        }
        return Fuzz.of("checkpoint of a kept tier", good, bytes -> {
            Fuzz.write(path, bytes);
            Checkpoint read = CheckpointFile.read(path, PARTITIONS, SEAL);
            assertThat(read == null || written.contains(read)).isTrue();
            return read != null;
        });
    }

    private Fuzz image() throws Exception {
        Path map = Files.write(directory.resolve("map"), new byte[5_000]);
        Path image = directory.resolve("image");
        Image.write(image, map, SEAL, walk -> {
            walk.number(42);
            walk.longs(new long[] {1, 2, 3});
            walk.ints(new int[] {4, 5});
            walk.bytes(new byte[100]);
        });
        byte[] good = Files.readAllBytes(image);
        return Fuzz.of("image of a kept tier", List.of(good), bytes -> {
                    Fuzz.write(image, bytes);
                    Image.check(image, map, SEAL, () -> {});
                    long[] longs = new long[3];
                    Image.read(image, walk -> {
                        assertThat(walk.number(0)).isEqualTo(42);
                        walk.longs(longs);
                        walk.ints(new int[2]);
                        walk.bytes(new byte[100]);
                    });
                    assertThat(longs).containsExactly(1, 2, 3);
                    return true;
                })
                .mayThrow(IOException.class)
                .allocatingAtMost(512 << 10, 64);
    }
}
