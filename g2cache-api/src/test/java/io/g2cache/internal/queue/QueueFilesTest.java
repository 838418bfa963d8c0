package io.g2cache.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a write queue give back, whole and damaged. */
class QueueFilesTest {
    private static final int CASES = 5_000;
    private static final String SEED = "g2cache.queue.seed";

    @TempDir
    Path directory;

    private static QueuedEvent event(int i) {
        String key = "key-" + i + "-" + "x".repeat(i % 7);
        return i % 10 == 9
                ? QueuedEvent.clear("cache-" + i % 3)
                : QueuedEvent.invalidate("cache-" + i % 3, key.getBytes(StandardCharsets.UTF_8));
    }

    private static List<QueuedEvent> waiting(Recovered recovered) {
        return recovered.events().stream().map(Recovered.Stored::event).toList();
    }

    @Test
    void givesBackInOrderWhatWasNotSent() throws IOException {
        List<QueuedEvent> events = new ArrayList<>();
        Position[] ends = new Position[100];
        try (QueueFiles files = QueueFiles.open(directory, true)) {
            for (int i = 0; i < 100; i++) {
                events.add(event(i));
                ends[i] = files.append(event(i));
            }
            files.force(ends[99]);
            files.sent(ends[9]);
            files.sent(ends[29]);
        }
        try (QueueFiles files = QueueFiles.open(directory, true)) {
            assertThat(waiting(files.recovered())).isEqualTo(events.subList(30, 100));
            assertThat(files.recovered().isDamaged()).isFalse();
            assertThat(files.recovered().caches()).containsExactlyInAnyOrder("cache-0", "cache-1", "cache-2");
            files.force(files.append(event(100)));
            files.sent(ends[98]);
        }
        try (QueueFiles files = QueueFiles.open(directory, true)) {
            assertThat(waiting(files.recovered())).containsExactly(event(99), event(100));
        }
    }

    @Test
    void manySegmentsAreDeletedOnceTheyWereSent() throws IOException {
        byte[] key = new byte[60_000];
        Position last = null;
        Position middle = null;
        try (QueueFiles files = QueueFiles.open(directory, false)) {
            for (int i = 0; i < 300; i++) {
                key[0] = (byte) i;
                last = files.append(QueuedEvent.invalidate("c", key.clone()));
                middle = i == 150 ? last : middle;
            }
            files.force(last);
            assertThat(segments()).hasSizeBetween(4, 6);
            files.sent(middle);
            assertThat(segments()).hasSizeBetween(2, 3);
            assertThat(files.bytes()).isEqualTo(sizes());
        }
        try (QueueFiles files = QueueFiles.open(directory, false)) {
            assertThat(files.recovered().events()).hasSize(149);
            assertThat(files.recovered().isDamaged()).isFalse();
            files.sent(last);
            files.append(event(1));
            assertThat(files.bytes()).isEqualTo(sizes());
        }
        try (QueueFiles files = QueueFiles.open(directory, false)) {
            assertThat(waiting(files.recovered())).containsExactly(event(1));
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("segment-"))
                    .sorted()
                    .toList();
        }
    }

    private long sizes() throws IOException {
        long sum = 0;
        for (Path segment : segments()) {
            sum += Files.size(segment);
        }
        return sum;
    }

    @Test
    void aWriteCutShortAtTheEndIsNoDamage() throws IOException {
        try (QueueFiles files = QueueFiles.open(directory, true)) {
            for (int i = 0; i < 10; i++) {
                files.append(event(i));
            }
        }
        Path segment = segments().get(0);
        byte[] whole = Files.readAllBytes(segment);
        for (int cut = 1; cut < RecordFormat.size(event(9)); cut++) {
            Files.write(segment, Arrays.copyOf(whole, whole.length - cut));
            try (QueueFiles files = QueueFiles.open(directory, true)) {
                assertThat(files.recovered().events()).hasSize(9);
                assertThat(files.recovered().isDamaged()).isFalse();
                assertThat(Files.size(segment)).isEqualTo(whole.length - RecordFormat.size(event(9)));
            }
        }
    }

    @Test
    void whatFollowsDamageIsFoundAgain() throws IOException {
        try (QueueFiles files = QueueFiles.open(directory, true)) {
            for (int i = 0; i < 10; i++) {
                files.append(event(i));
            }
        }
        Path segment = segments().get(0);
        byte[] bytes = Files.readAllBytes(segment);
        bytes[2] ^= 1;
        Files.write(segment, bytes);
        try (QueueFiles files = QueueFiles.open(directory, true)) {
            assertThat(files.recovered().events()).hasSize(9);
            assertThat(files.recovered().isDamaged()).isTrue();
        }
    }

    @Test
    void aRecordInAnotherPlaceIsNone() {
        ByteBuffer record = RecordFormat.encode(event(1), new Position(1, 0));
        assertThat(RecordFormat.sizeAt(record, 0, 1)).isEqualTo(record.limit());
        assertThat(RecordFormat.sizeAt(record, 0, 2)).isZero();
        ByteBuffer moved = ByteBuffer.allocate(record.limit() + 1)
                .put((byte) 0)
                .put(record)
                .flip();
        assertThat(RecordFormat.sizeAt(moved, 1, 1)).isZero();
    }

    @Test
    void isOpenedOnceAtATimeAndByItsOwnerOnly() throws IOException {
        try (QueueFiles files = QueueFiles.open(directory.resolve("own"), true)) {
            assertThat(files.recovered().events()).isEmpty();
            assertThatThrownBy(() -> QueueFiles.open(directory.resolve("own"), true))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
            files.append(event(1));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("own"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("own/segment-1"))))
                .isEqualTo("rw-------");
    }

    /**
     * Whatever happens to one of the files: opening works, no event is made up, and what lies before the damage comes back.
     */
    @Test
    void survivesEveryDamage() throws IOException {
        long seed = Long.getLong(SEED, System.nanoTime());
        Random random = new Random(seed);
        Path origin = directory.resolve("origin");
        List<QueuedEvent> events = new ArrayList<>();
        List<Position> ends = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            try (QueueFiles files = QueueFiles.open(origin, false)) {
                for (int i = 0; i < 12; i++) {
                    events.add(event(part * 12 + i));
                    ends.add(files.append(event(part * 12 + i)));
                }
                if (part == 2) {
                    files.sent(ends.get(4));
                    files.sent(ends.get(7));
                }
            }
        }
        Set<QueuedEvent> known = new HashSet<>(events);
        for (int i = 0; i < CASES; i++) {
            Path copy = directory.resolve("copy");
            copy(origin, copy);
            Damage damage = damage(copy, random);
            String what = SEED + "=" + seed + " case=" + i + " " + damage;
            try (QueueFiles files = QueueFiles.open(copy, false)) {
                List<QueuedEvent> waiting = waiting(files.recovered());
                assertThat(known).as(what).containsAll(waiting);
                for (int e = 8; e < events.size(); e++) {
                    if (!damage.touches(ends.get(e))) {
                        assertThat(waiting).as(what).contains(events.get(e));
                    }
                }
                files.force(files.append(event(500)));
            }
            try (QueueFiles files = QueueFiles.open(copy, false)) {
                assertThat(waiting(files.recovered())).as(what).contains(event(500));
            }
        }
    }

    /** What was done to which file, from which byte on. */
    private record Damage(String kind, String file, long from) {
        /** Whether the record that ends there may be lost: it lies in the file, and not before the first byte concerned. */
        boolean touches(Position end) {
            return file.equals("segment-" + end.segment()) && end.offset() > from;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static Damage damage(Path queue, Random random) throws IOException {
        String[] names = {"head", "segment-1", "segment-2", "segment-3"};
        String name = names[random.nextInt(names.length)];
        Path file = queue.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                return new Damage("flip", name, at);
            }
            case 1 -> {
                Files.write(file, Arrays.copyOf(bytes, at));
                return new Damage("truncate", name, at);
            }
            case 2 -> {
                for (int i = at; i < Math.min(bytes.length, at + 40); i++) {
                    bytes[i] = (byte) random.nextInt();
                }
                Files.write(file, bytes);
                return new Damage("overwrite", name, at);
            }
            default -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
                for (int i = bytes.length; i < longer.length; i++) {
                    longer[i] = (byte) random.nextInt();
                }
                Files.write(file, longer);
                return new Damage("append", name, bytes.length);
            }
        }
    }
}
