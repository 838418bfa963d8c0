package io.g2cache.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random use, with copies of the files at random moments: what a copy holds is what the tier held then. */
class KeptModelTest {
    private static final int COPIES = 12;

    @TempDir
    private Path directory;

    private final Map<Long, Stored> model = new HashMap<>();
    private long version;

    private record Stored(long version, byte @Nullable [] value) {}

    @ParameterizedTest
    @CsvSource({"1, 1, 64, 100", "2, 4, 400, 64", "3, 8, 1000, 300", "4, 2, 200, 20"})
    void aCopyHoldsWhatTheTierHeld(long seed, int segments, int entries, int averageBytes) throws Exception {
        Random random = new Random(seed);
        Path root = directory.resolve("root");
        KeptTier tier = KeptTier.in(root).size(entries, averageBytes, segments).open();
        Checkpoint checkpoint = tier.checkpoint(0, 0);
        long evictions = 0;
        for (int copy = 0; copy < COPIES; copy++) {
            int steps = random.nextInt(4 * entries);
            for (int step = 0; step < steps; step++) {
                change(tier, random.nextInt(2 * entries), random, averageBytes);
                if (random.nextInt(50) == 0) {
                    checkpoint = tier.checkpoint(version, 0);
                }
            }
            Path killed = KeptTier.copy(root, directory.resolve("copy-" + copy));
            // more room, so that nothing has to go
            try (KeptTier again = KeptTier.in(killed)
                    .size(8L * entries, averageBytes, segments)
                    .open()) {
                assertThat(again.restored().checkpoint()).isEqualTo(checkpoint);
                assertSame(tier, again, 2 * entries, "seed=" + seed + " copy=" + copy);
            }
            if (random.nextInt(4) == 0) {
                evictions += tier.cache.evictions();
                tier.close();
                tier = KeptTier.in(root).size(entries, averageBytes, segments).open();
                assertThat(tier.restored().checkpoint()).isEqualTo(checkpoint);
            }
        }
        assertThat(evictions + tier.cache.evictions()).as("seed=%d", seed).isPositive();
        tier.close();
    }

    private void assertSame(KeptTier tier, KeptTier again, int keys, String where) {
        long held = 0;
        long[] newest = {Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE};
        for (long key = 0; key < keys; key++) {
            LocalEntry<byte[]> before = tier.find(key);
            LocalEntry<byte[]> after = again.find(key);
            assertThat(after == null).as("%s key=%d", where, key).isEqualTo(before == null);
            if (before != null && after != null) {
                Stored stored = model.get(key);
                assertThat(stored).as("%s key=%d", where, key).isNotNull();
                assertThat(after.version()).as("%s key=%d", where, key).isEqualTo(stored.version);
                assertThat(after.value()).as("%s key=%d", where, key).isEqualTo(stored.value);
                assertThat(after.softDeadline()).isEqualTo(before.softDeadline());
                assertThat(after.hardDeadline()).isEqualTo(before.hardDeadline());
                held++;
                int partition = tier.key(key).partition();
                newest[partition] = Math.max(newest[partition], after.version());
            }
        }
        assertThat(again.restored().entries()).as(where).isEqualTo(held);
        assertThat(again.restored().newest()).as(where).isEqualTo(LogPosition.of(newest));
    }

    private void change(KeptTier tier, long key, Random random, int averageBytes) {
        long next = ++version;
        int choice = random.nextInt(100);
        if (choice < 60) {
            byte[] value = random.nextInt(10) == 0 ? null : bytes(random, tier.maximumPayload(), averageBytes);
            if (choice < 30 ? tier.fill(key, next, value) : tier.apply(key, next, value)) {
                model.put(key, new Stored(next, value));
            }
        } else if (choice < 80) {
            tier.cache.remove(tier.key(key), next);
            model.remove(key);
        } else if (choice < 90) {
            tier.cache.discard(tier.key(key));
            model.remove(key);
        } else if (random.nextInt(500) == 0) {
            tier.cache.discardAll();
            model.clear();
        } else {
            tier.cache.cleanUp(KeptTier.NOW);
        }
    }

    private static byte[] bytes(Random random, int limit, int averageBytes) {
        int most = random.nextInt(50) == 0 ? limit : Math.min(limit, 2 * averageBytes);
        byte[] value = new byte[random.nextInt(most + 1)];
        random.nextBytes(value);
        return value;
    }

    /**
     * A value that holds the bytes of an entry, as somebody who wants to place one would store it, in the free space that it
     * leaves when it is removed. Even the right mark is not enough; the right seal would be.
     */
    @ParameterizedTest
    @CsvSource({"0, 0, true", "0, 1, false", "1, 0, false"})
    void onlyTheSealMakesAnEntry(int otherMark, long otherSeed, boolean found) throws Exception {
        Path root = directory.resolve("root");
        try (KeptTier tier = KeptTier.in(root).size(100, 1_000, 1).open()) {
            Path header = root.resolve(KeptTier.CACHE).resolve("header");
            Seal seal = StoreHeader.decode(Files.readAllBytes(header)).seal();
            Seal forger = new Seal(seal.mark() ^ otherMark, seal.seed() ^ otherSeed);
            ByteBuffer entry = ByteBuffer.wrap(new EntryData()
                    .of(tier.key(7), tier.entry(50, new byte[] {1}), 0, forger)
                    .get());
            entry.putInt(EntryLayout.MARK, forger.mark());
            byte[] value = new byte[400];
            System.arraycopy(entry.array(), 0, value, 300, entry.capacity());
            tier.fill(1, 1, value);
            tier.fill(2, 1, value);
            tier.cache.remove(tier.key(2), 2);
            tier.checkpoint(100, 0);
            Path killed = KeptTier.copy(root, directory.resolve("copy"));
            try (KeptTier again = KeptTier.in(killed).open()) {
                assertThat(again.value(1)).isEqualTo(value);
                assertThat(again.find(2)).isNull();
                assertThat(again.find(7) != null).isEqualTo(found);
            }
        }
    }
}
