package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.codec.Codecs;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LocalContext;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.ValueFormat;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made by hand: entries at every offset, across the blocks that are read, and between parts. */
class SalvageTest {
    private static final int BLOCK = 1 << 20;
    private static final int PARTITIONS = 3;
    private static final Checkpoint CHECKPOINT =
            new Checkpoint(LogPosition.all(PARTITIONS, 1_000), LogPosition.all(PARTITIONS, 0));

    @TempDir
    private Path directory;

    private final Seal seal = Seal.random();
    private final KeySpace keySpace = new KeySpace("salvage", PARTITIONS);
    private final ValueFormat<byte[]> format = new ValueFormat<>(Codecs.bytes());
    private LocalContext<Long, byte[]> context;
    private ChronicleLocalCache<Long, byte[]> tier;
    private byte[] file = new byte[0];

    @BeforeEach
    void open() {
        FlagPreflight.check(false);
        context = new LocalContext<>(
                "salvage",
                keySpace,
                Codecs.int64(),
                format,
                partition -> Long.MIN_VALUE,
                20_000,
                100,
                1 << 20,
                false,
                "test",
                new KeptTier.FixedTime());
        tier = new ChronicleLocalCache<>(context, Geometry.of(context, 1), 42, new HotLayer.Option(0, 1));
    }

    @AfterEach
    void close() {
        tier.close();
    }

    private static byte[] value(long key, int length) {
        byte[] value = new byte[length];
        new Random(key).nextBytes(value);
        return value;
    }

    private byte[] entry(long key, int length) {
        Entry entry = Entry.value(key, KeptTier.NOW + 1, KeptTier.NOW + 2, format.encode(value(key, length)));
        byte[] bytes = new EntryData()
                .of(keySpace.key(Codecs.int64().encode(key)), entry, 3, seal)
                .get();
        ByteBuffer.wrap(bytes).putInt(EntryLayout.MARK, seal.mark());
        return bytes;
    }

    private int put(int at, byte[] bytes) {
        System.arraycopy(bytes, 0, file, at, bytes.length);
        return at + bytes.length;
    }

    private void read(long... cuts) throws Exception {
        Path path = directory.resolve("map");
        Files.write(path, file);
        long from = 0;
        for (long to : cuts) {
            new Salvage(context, tier, seal, CHECKPOINT, () -> {}).read(path, from, to);
            from = to;
        }
        new Salvage(context, tier, seal, CHECKPOINT, () -> {}).read(path, from, file.length);
    }

    private void assertHeld(long key, int length) {
        assertThat(Objects.requireNonNull(tier.find(keySpace.key(Codecs.int64().encode(key))), "key=" + key)
                        .value())
                .isEqualTo(value(key, length));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void entriesAreFoundAtEveryOffset(boolean noise) throws Exception {
        file = new byte[3 * BLOCK];
        if (noise) {
            new Random(5).nextBytes(file);
        }
        int at = 0;
        int count = 0;
        while (at < file.length - 500) {
            at = put(at, entry(count, count % 300)) + count % 41;
            count++;
        }
        read();
        assertThat(tier.estimatedSize()).isEqualTo(count);
        for (int key = 0; key < count; key++) {
            assertHeld(key, key % 300);
        }
    }

    @Test
    void anEntryAcrossTheBordersOfBlocksIsFound() throws Exception {
        for (int shift = -400; shift < 10; shift++) {
            file = new byte[2 * BLOCK];
            put(BLOCK + shift, entry(1_000 + shift, 300));
            read();
            assertHeld(1_000 + shift, 300);
        }
    }

    @Test
    void entriesAtBothEndsOfTheFileAreFound() throws Exception {
        byte[] first = entry(1, 10);
        byte[] last = entry(2, 0);
        file = new byte[5_000];
        put(0, first);
        put(file.length - last.length, last);
        read();
        assertHeld(1, 10);
        assertHeld(2, 0);
        file = Arrays.copyOf(entry(3, 100), 150);
        read();
        file = Arrays.copyOf(entry(4, 100), 40);
        read();
        file = new byte[0];
        read();
        assertThat(tier.estimatedSize()).isEqualTo(2);
    }

    @Test
    void aMarkWithoutAnEntryHidesNoneBehindIt() throws Exception {
        file = new byte[100_000];
        Random random = new Random(8);
        int at = 0;
        for (int key = 0; key < 200; key++) {
            byte[] broken = entry(key, 100);
            broken[4 + random.nextInt(broken.length - 4)] ^= 1;
            put(at, broken);
            // the true one begins inside of the broken one
            at = put(at + 1 + random.nextInt(broken.length - 1), entry(key, 50)) + random.nextInt(20);
        }
        read();
        assertThat(tier.estimatedSize()).isEqualTo(200);
        for (int key = 0; key < 200; key++) {
            assertHeld(key, 50);
        }
    }

    @Test
    void aLengthBeyondTheFileOrTheTierIsNoEntry() throws Exception {
        for (int length : new int[] {Integer.MIN_VALUE, -2, Integer.MAX_VALUE, 1 << 28, 100_000}) {
            file = new byte[2 * BLOCK];
            byte[] wrong = entry(1, 10);
            for (int field : new int[] {EntryLayout.KEY_LENGTH, EntryLayout.VALUE_LENGTH}) {
                put(0, ByteBuffer.wrap(wrong.clone()).putInt(field, length).array());
                put(60, entry(2, 10));
                read();
                assertThat(tier.estimatedSize()).isEqualTo(1);
            }
        }
    }

    @Test
    void partsTakeEachEntryOnce() throws Exception {
        file = new byte[BLOCK];
        int at = 0;
        int count = 0;
        while (at < file.length - 500) {
            at = put(at, entry(count, 100 + count % 100)) + count % 13;
            count++;
        }
        Random random = new Random(9);
        TreeSet<Long> cuts = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            cuts.add((long) random.nextInt(file.length));
        }
        Path path = directory.resolve("map");
        Files.write(path, file);
        long from = 0;
        cuts.add((long) file.length);
        for (long to : cuts) {
            long before = tier.estimatedSize();
            new Salvage(context, tier, seal, CHECKPOINT, () -> {}).read(path, from, to);
            long marks = 0;
            for (long i = from; i < to && i <= file.length - 4; i++) {
                marks += ByteBuffer.wrap(file).getInt((int) i) == seal.mark() ? 1 : 0;
            }
            assertThat(tier.estimatedSize() - before).isEqualTo(marks);
            from = to;
        }
        assertThat(tier.estimatedSize()).isEqualTo(count);
    }

    @Test
    void ofTwoEntriesOfAKeyTheNewerIsKept() throws Exception {
        file = new byte[1_000];
        for (boolean newerFirst : new boolean[] {true, false}) {
            byte[] older = entryOfVersion(5);
            byte[] newer = entryOfVersion(6);
            int at = put(0, newerFirst ? newer : older);
            put(at, newerFirst ? older : newer);
            read();
            assertThat(Objects.requireNonNull(tier.find(keySpace.key(new byte[] {1})))
                            .version())
                    .isEqualTo(6);
            tier.discardAll();
        }
    }

    private byte[] entryOfVersion(long version) {
        byte[] bytes = new EntryData()
                .of(
                        keySpace.key(new byte[] {1}),
                        Entry.value(version, KeptTier.NOW + 1, KeptTier.NOW + 2, format.encode(new byte[] {2})),
                        0,
                        seal)
                .get();
        ByteBuffer.wrap(bytes).putInt(EntryLayout.MARK, seal.mark());
        return bytes;
    }

    @Test
    void aPartitionThatIsNotTheKeysIsNoEntry() throws Exception {
        KeySpace other = new KeySpace("another", PARTITIONS);
        Entry entry = Entry.value(1, KeptTier.NOW + 1, KeptTier.NOW + 2, format.encode(new byte[3]));
        file = new byte[30 * 200];
        int wrong = 0;
        for (int i = 0; i < 30; i++) {
            byte[] key = Codecs.int64().encode((long) i);
            byte[] bytes = new EntryData().of(other.key(key), entry, 0, seal).get();
            ByteBuffer.wrap(bytes).putInt(EntryLayout.MARK, seal.mark());
            put(i * 200, bytes);
            wrong += other.key(key).partition() == keySpace.key(key).partition() ? 0 : 1;
        }
        read();
        assertThat(wrong).isPositive();
        assertThat(tier.estimatedSize()).isEqualTo(30 - wrong);
    }
}
