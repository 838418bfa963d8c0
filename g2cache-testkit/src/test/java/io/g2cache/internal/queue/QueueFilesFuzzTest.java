package io.g2cache.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.testkit.DecoderFuzz;
import io.g2cache.testkit.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;

/** The files of queued writes: a segment, the head, and both in a directory that is opened. */
class QueueFilesFuzzTest extends DecoderFuzz {
    private static final long SEGMENT = 1;
    private static final int HEAD_SLOT = 24;

    @TempDir
    private Path directory;

    @Override
    protected List<Fuzz> decoders() throws Exception {
        byte[] segment = segment();
        Path opened = directory.resolve("opened");
        Path heads = Files.createDirectory(directory.resolve("heads")).resolve("head");
        byte[] head = head(opened);
        return List.of(
                Fuzz.of("segment of a queue", List.of(segment), QueueFilesFuzzTest::scans)
                        .repairedBy(QueueFilesFuzzTest::withChecksum)
                        .allocatingAtMost(64 << 10, 512),
                Fuzz.of("head of a queue", List.of(head), bytes -> {
                            Fuzz.write(heads, bytes);
                            try (HeadFile file = HeadFile.open(heads)) {
                                return !file.head().equals(new Position(0, 0));
                            }
                        })
                        .repairedBy(QueueFilesFuzzTest::withHeadChecksum),
                Fuzz.of("directory of a queue", List.of(segment), bytes -> opens(opened, bytes))
                        .repairedBy(QueueFilesFuzzTest::withChecksum)
                        .allocatingAtMost(256 << 10, 512));
    }

    private static byte[] segment() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(1_000);
        for (QueuedEvent event : List.of(
                QueuedEvent.invalidate("cities", new byte[] {1, 2, 3}),
                QueuedEvent.clear("cities"),
                QueuedEvent.tag("streets", "user:ü42"),
                QueuedEvent.invalidate("c", new byte[200]))) {
            all.put(RecordFormat.encode(event, new Position(SEGMENT, all.position())));
        }
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }

    private byte[] head(Path queue) throws IOException {
        try (QueueFiles files = QueueFiles.open(queue, false)) {
            Position first = files.append(QueuedEvent.clear("a"));
            files.append(QueuedEvent.clear("b"));
            files.sent(first);
        }
        return Files.readAllBytes(queue.resolve("head"));
    }

    /** Whatever is found is a record that can be written again, to the very bytes that were read. */
    private static boolean scans(byte[] bytes) {
        SegmentScan scan = SegmentScan.of(ByteBuffer.wrap(bytes), SEGMENT);
        for (SegmentScan.Found found : scan.records()) {
            int end = found.end().offset();
            int start = end - RecordFormat.size(found.event());
            ByteBuffer again = RecordFormat.encode(found.event(), new Position(SEGMENT, start));
            assertThat(again).isEqualTo(ByteBuffer.wrap(bytes, start, end - start));
        }
        assertThat(scan.end()).isBetween(0, bytes.length);
        return !scan.records().isEmpty();
    }

    /** What follows is appended behind whatever was found, and both are there at the next opening. */
    private static boolean opens(Path queue, byte[] bytes) throws IOException {
        Path segment = queue.resolve("segment-" + SEGMENT);
        Files.deleteIfExists(queue.resolve("head"));
        Files.deleteIfExists(queue.resolve("segment-" + (SEGMENT + 1)));
        Fuzz.write(segment, bytes);
        int found;
        try (QueueFiles files = QueueFiles.open(queue, false)) {
            found = files.recovered().events().size();
            files.append(QueuedEvent.clear("later"));
        }
        try (QueueFiles files = QueueFiles.open(queue, false)) {
            assertThat(files.recovered().events()).hasSize(found + 1);
            assertThat(files.recovered().events().get(found).event()).isEqualTo(QueuedEvent.clear("later"));
        }
        return found > 0;
    }

    /** Makes the first record's checksum right, where its length lies within the bytes. */
    private static byte[] withChecksum(byte[] bytes) {
        ByteBuffer record = ByteBuffer.wrap(bytes);
        if (bytes.length >= RecordFormat.HEADER_BYTES) {
            int payload = record.getInt(0);
            if (payload >= 0 && payload <= bytes.length - RecordFormat.HEADER_BYTES) {
                CRC32C crc = new CRC32C();
                crc.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(0, SEGMENT));
                crc.update(bytes, RecordFormat.HEADER_BYTES, payload);
                record.putInt(Integer.BYTES, (int) crc.getValue());
            }
        }
        return bytes;
    }

    private static byte[] withHeadChecksum(byte[] bytes) {
        for (int at = 0; at + HEAD_SLOT <= bytes.length; at += HEAD_SLOT) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, at, HEAD_SLOT - Integer.BYTES);
            ByteBuffer.wrap(bytes).putInt(at + HEAD_SLOT - Integer.BYTES, (int) crc.getValue());
        }
        return bytes;
    }
}
