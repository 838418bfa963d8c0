package io.g2cache.chronicle;

import static io.g2cache.chronicle.KeptTier.HOUR;
import static io.g2cache.chronicle.KeptTier.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.Checkpoint;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.LogPosition;
import io.g2cache.spi.Restored;
import io.g2cache.spi.TagFloor;
import io.g2cache.spi.Tags;
import io.g2cache.spi.ValueFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there again after a restart, clean or not, and what is not. */
class KeptEntriesTest {
    @TempDir
    private Path directory;

    private static byte[] value(long key, int length) {
        byte[] value = new byte[length];
        Arrays.fill(value, (byte) key);
        return value;
    }

    private Path root() {
        return directory.resolve("root");
    }

    /** Closes the tier, or leaves it as a kill would. */
    private KeptTier.Settings restart(KeptTier tier, boolean clean) throws Exception {
        if (clean) {
            tier.close();
            return KeptTier.in(root());
        }
        Path copy = KeptTier.copy(root(), directory.resolve("copy"));
        tier.close();
        return KeptTier.in(copy);
    }

    @Test
    void startsEmptyWhereNothingWasKept() {
        try (KeptTier tier = KeptTier.in(root()).open()) {
            assertThat(tier.cache.restored()).isNull();
            assertThat(tier.cache.estimatedSize()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void entriesComeBackWithVersionsDeadlinesAndCheckpoint(boolean clean) throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        for (int k = 0; k < 500; k++) {
            tier.fill(k, k, value(k, k % 150));
        }
        tier.fill(1_000, 7, null);
        Checkpoint checkpoint = tier.checkpoint(1_000, Long.MIN_VALUE);
        try (KeptTier again = restart(tier, clean).open()) {
            Restored restored = again.restored();
            assertThat(restored.checkpoint()).isEqualTo(checkpoint);
            assertThat(restored.entries()).isEqualTo(501);
            assertThat(again.cache.estimatedSize()).isEqualTo(501);
            long[] newest = {-1, -1, -1, -1};
            for (int k = 0; k < 500; k++) {
                newest[again.key(k).partition()] = k;
                LocalEntry<byte[]> found = Objects.requireNonNull(again.find(k));
                assertThat(found.value()).isEqualTo(value(k, k % 150));
                assertThat(found.version()).isEqualTo(k);
                assertThat(found.softDeadline()).isEqualTo(NOW + HOUR);
                assertThat(found.hardDeadline()).isEqualTo(NOW + 2 * HOUR);
                assertThat(again.cache.get((long) k, NOW)).isEqualTo(value(k, k % 150));
            }
            assertThat(restored.newest()).isEqualTo(LogPosition.of(newest));
            assertThat(again.find(1_000)).isEqualTo(new LocalEntry<byte[]>(7, NOW + HOUR, NOW + 2 * HOUR, null));
            assertThat(again.cache.restored()).isSameAs(restored);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tagsAndTheirFloorsComeBack(boolean clean) throws Exception {
        ValueFormat<byte[]> format = new ValueFormat<>(Codecs.bytes());
        long[] tags = {3, Tags.hash("red")};
        KeptTier tier = KeptTier.in(root()).open();
        byte[] stored = format.encode(value(1, 10), tags);
        tier.cache.fill(tier.key(1), Entry.value(4, NOW + HOUR, NOW + HOUR, stored), Admission.ALWAYS);
        LogPosition position = LogPosition.all(4, 5);
        Checkpoint first = new Checkpoint(position, LogPosition.all(4, 0), List.of(new TagFloor(2, 3, 4)));
        tier.cache.checkpoint(first);
        KeptTier.Settings settings = restart(tier, clean);
        try (KeptTier again = settings.open()) {
            assertThat(again.restored().checkpoint()).isEqualTo(first);
            assertThat(again.value(1)).isEqualTo(value(1, 10));
            again.tagFloors.put(3L, 5L);
            assertThat(again.value(1)).isNull();
        }
        Checkpoint second =
                new Checkpoint(position, first.floors(), List.of(new TagFloor(0, 1, 2), new TagFloor(1, 2, 3)));
        try (KeptTier third = settings.open()) {
            assertThat(third.restored().checkpoint()).isEqualTo(first);
            third.cache.checkpoint(second);
        }
        try (KeptTier fourth = settings.open()) {
            assertThat(fourth.restored().checkpoint()).isEqualTo(second);
            assertThat(fourth.value(1)).isEqualTo(value(1, 10));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasRemovedReplacedOrDiscardedStaysAway(boolean clean) throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        for (int k = 0; k < 100; k++) {
            tier.fill(k, 1, value(k, 100));
        }
        for (int k = 0; k < 20; k++) {
            tier.cache.remove(tier.key(k), 2);
        }
        for (int k = 20; k < 40; k++) {
            tier.cache.discard(tier.key(k));
        }
        for (int k = 40; k < 60; k++) {
            tier.apply(k, 2, value(k + 1, 100));
            tier.cache.discard(tier.key(k));
        }
        for (int k = 60; k < 80; k++) {
            tier.apply(k, 2, value(k, 400));
            tier.apply(k, 3, value(k, 4));
        }
        tier.checkpoint(5, Long.MIN_VALUE);
        try (KeptTier again = restart(tier, clean).open()) {
            assertThat(again.restored().entries()).isEqualTo(40);
            for (int k = 0; k < 100; k++) {
                assertThat(again.value(k)).isEqualTo(k < 60 ? null : value(k, k < 80 ? 4 : 100));
            }
        }
    }

    @Test
    void discardAllLeavesNothingToComeBack() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        for (int k = 0; k < 500; k++) {
            tier.fill(k, 1, value(k, 100));
        }
        tier.checkpoint(5, Long.MIN_VALUE);
        tier.cache.discardAll();
        try (KeptTier again = restart(tier, false).open()) {
            assertThat(again.restored().entries()).isZero();
            assertThat(again.restored().newest()).isEqualTo(LogPosition.all(4, Long.MIN_VALUE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyWhatIsHeldAfterEvictionsComesBack(boolean clean) throws Exception {
        KeptTier tier = KeptTier.in(root()).size(100, 100, 2).open();
        for (int k = 0; k < 5_000; k++) {
            tier.fill(k, k, value(k, k % 200));
        }
        tier.checkpoint(5_000, Long.MIN_VALUE);
        boolean[] held = new boolean[5_000];
        for (int k = 0; k < held.length; k++) {
            held[k] = tier.find(k) != null;
        }
        long size = tier.cache.estimatedSize();
        try (KeptTier again = restart(tier, clean).size(1_000, 100, 2).open()) {
            assertThat(again.restored().entries()).isEqualTo(size);
            for (int k = 0; k < held.length; k++) {
                assertThat(again.value(k)).isEqualTo(held[k] ? value(k, k % 200) : null);
            }
        }
    }

    @Test
    void entriesBelowTheCheckpointsFloorStayAway() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        for (int k = 0; k < 100; k++) {
            tier.fill(k, k, value(k, 10));
        }
        tier.cache.checkpoint(new Checkpoint(LogPosition.all(4, 200), LogPosition.of(50, Long.MIN_VALUE, 0, 100)));
        try (KeptTier again = restart(tier, false).open()) {
            for (int k = 0; k < 100; k++) {
                int partition = again.key(k).partition();
                boolean dead = (partition == 0 && k < 50) || partition == 3;
                assertThat(again.value(k)).isEqualTo(dead ? null : value(k, 10));
            }
            assertThat(again.restored().newest().offset(3)).isEqualTo(Long.MIN_VALUE);
        }
    }

    @Test
    void expiredEntriesAreKeptUntilTheyAreCleanedUp() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        byte[] stored = tier.entry(1, value(1, 10)).requireValue();
        tier.cache.fill(tier.key(1), Entry.value(1, NOW - 2, NOW, stored), Admission.ALWAYS);
        tier.cache.fill(tier.key(2), Entry.value(1, NOW - 2, NOW + 1, stored), Admission.ALWAYS);
        tier.checkpoint(5, Long.MIN_VALUE);
        try (KeptTier again = restart(tier, false).open()) {
            again.cache.cleanUp(NOW - 1);
            LocalEntry<byte[]> expired = Objects.requireNonNull(again.find(1));
            assertThat(expired.value()).isEqualTo(value(1, 10));
            assertThat(expired.hardDeadline()).isEqualTo(NOW);
            again.cache.cleanUp(NOW);
            assertThat(again.find(1)).isNull();
            LocalEntry<byte[]> found = Objects.requireNonNull(again.find(2));
            assertThat(found.value()).isEqualTo(value(1, 10));
            assertThat(found.hardDeadline()).isEqualTo(NOW + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"300, 100, 1", "2000, 40, 16", "1000, 1000, 8", "7, 64, 2"})
    void entriesMoveToAMapOfOtherSizes(int entries, int averageBytes, int segments) throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        for (int k = 0; k < 1_000; k++) {
            tier.fill(k, k, value(k, 70));
        }
        tier.checkpoint(1_000, Long.MIN_VALUE);
        long held = tier.cache.estimatedSize();
        try (KeptTier again =
                restart(tier, false).size(entries, averageBytes, segments).open()) {
            int found = 0;
            for (int k = 0; k < 1_000; k++) {
                byte[] value = again.value(k);
                if (value != null) {
                    assertThat(value).isEqualTo(value(k, 70));
                    found++;
                }
            }
            assertThat(again.restored().entries()).isEqualTo(found);
            assertThat((long) found).isLessThanOrEqualTo(entries);
            // segments are not equally full, so that some entries have to go
            assertThat((long) found).isGreaterThanOrEqualTo(Math.min(held, entries) * 9 / 10);
        }
    }

    @Test
    void anEntryLargerThanTheBlocksThatAreReadComesBack() throws Exception {
        KeptTier.Settings large = KeptTier.in(root()).size(100, 200_000, 1);
        large.maximumValueBytes = 8 << 20;
        KeptTier tier = large.open();
        for (int k = 0; k < 3; k++) {
            assertThat(tier.fill(k, 1, value(k + 1, 3 << 20 | k))).isTrue();
            tier.fill(10 + k, 1, value(k, 10));
        }
        tier.checkpoint(5, Long.MIN_VALUE);
        KeptTier.Settings settings = restart(tier, false).size(100, 200_000, 1);
        settings.maximumValueBytes = 8 << 20;
        try (KeptTier again = settings.open()) {
            for (int k = 0; k < 3; k++) {
                assertThat(again.value(k)).isEqualTo(value(k + 1, 3 << 20 | k));
                assertThat(again.value(10 + k)).isEqualTo(value(k, 10));
            }
        }
    }

    /** Large enough for a thread for each half, where there are two processors. */
    @Test
    void aLargeFileIsReadWhole() throws Exception {
        KeptTier tier = KeptTier.in(root()).size(45_000, 1_000, 16).open();
        for (int k = 0; k < 30_000; k++) {
            tier.fill(k, k, value(k, 100 + k % 100));
        }
        tier.checkpoint(40_000, Long.MIN_VALUE);
        assertThat(Files.size(root().resolve(KeptTier.CACHE).resolve("map-1"))).isGreaterThan(64 << 20);
        try (KeptTier again = restart(tier, false).size(45_000, 1_000, 16).open()) {
            assertThat(again.restored().entries()).isEqualTo(30_000);
            long[] newest = new long[again.partitions];
            for (int k = 0; k < 30_000; k++) {
                newest[again.key(k).partition()] = k;
                assertThat(again.value(k)).isEqualTo(value(k, 100 + k % 100));
            }
            assertThat(again.restored().newest()).isEqualTo(LogPosition.of(newest));
        }
    }

    @Test
    void entriesTooLargeForTheNewTierStayAway() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        tier.fill(1, 1, value(1, 4_000));
        tier.fill(2, 1, value(2, 3_000));
        tier.checkpoint(5, Long.MIN_VALUE);
        KeptTier.Settings settings = restart(tier, false);
        settings.maximumValueBytes = 3_500;
        try (KeptTier again = settings.open()) {
            assertThat(again.find(1)).isNull();
            assertThat(again.value(2)).isEqualTo(value(2, 3_000));
        }
    }

    @Test
    void aTierKeepsWorkingAfterManyRestarts() throws Exception {
        for (int round = 0; round < 10; round++) {
            try (KeptTier tier = KeptTier.in(root()).open()) {
                for (int k = 0; k < 10 * round; k++) {
                    assertThat(tier.value(k)).isEqualTo(value(k, 30));
                }
                for (int k = 10 * round; k < 10 * round + 10; k++) {
                    tier.fill(k, 1, value(k, 30));
                }
                tier.checkpoint(round, Long.MIN_VALUE);
            }
            try (var files = Files.list(root().resolve(KeptTier.CACHE))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("lock", "header", "map-1", "checkpoint-1", "image-1");
            }
        }
    }

    @Test
    void aRestartInTheMiddleOfAnotherChangesNothing() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        tier.fill(1, 1, value(1, 10));
        tier.checkpoint(5, Long.MIN_VALUE);
        KeptTier.Settings settings = restart(tier, false);
        Path cache = settings.root.resolve(KeptTier.CACHE);
        Files.write(cache.resolve("map-2"), new byte[10_000]);
        Files.write(cache.resolve("checkpoint-2"), new byte[100]);
        Files.write(cache.resolve("header.tmp"), new byte[100]);
        try (KeptTier again = settings.open()) {
            assertThat(again.value(1)).isEqualTo(value(1, 10));
            assertThat(cache.resolve("map-2")).doesNotExist();
            assertThat(cache.resolve("header.tmp")).doesNotExist();
        }
    }

    @Test
    void readingTooLongStartsEmpty() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        tier.fill(1, 1, value(1, 10));
        tier.checkpoint(5, Long.MIN_VALUE);
        KeptTier.Settings settings = restart(tier, false);
        settings.timeout = Duration.ofSeconds(30);
        settings.time = new KeptTier.FixedTime(Duration.ofSeconds(11).toNanos());
        try (KeptTier again = settings.open()) {
            assertThat(again.cache.restored()).isNull();
            assertThat(again.find(1)).isNull();
            assertThat(again.fill(1, 1, value(1, 10))).isTrue();
            again.checkpoint(6, Long.MIN_VALUE);
        }
        settings.time = new KeptTier.FixedTime();
        try (KeptTier third = settings.open()) {
            assertThat(third.restored().checkpoint().position()).isEqualTo(LogPosition.all(4, 6));
        }
    }

    @Test
    void withoutACheckpointATierStartsEmpty() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        tier.fill(1, 1, value(1, 10));
        try (KeptTier again = restart(tier, true).open()) {
            assertThat(again.cache.restored()).isNull();
            assertThat(again.find(1)).isNull();
        }
    }

    @Test
    void aClosedTierWritesNothingMore() throws Exception {
        KeptTier tier = KeptTier.in(root()).open();
        tier.fill(1, 1, value(1, 10));
        Checkpoint checkpoint = tier.checkpoint(5, Long.MIN_VALUE);
        tier.close();
        tier.checkpoint(6, 100);
        tier.fill(1, 2, value(2, 10));
        tier.cache.discardAll();
        tier.close();
        try (KeptTier again = KeptTier.in(root()).open()) {
            assertThat(again.restored().checkpoint()).isEqualTo(checkpoint);
            assertThat(again.value(1)).isEqualTo(value(1, 10));
            tier.close();
            assertThatThrownBy(() -> KeptTier.in(root()).open()).isInstanceOf(TierException.class);
        }
    }

    @Test
    void anInterruptedThreadOpensAndClosesLikeAnyOther() throws Exception {
        for (int round = 0; round < 2; round++) {
            Thread.currentThread().interrupt();
            try (KeptTier tier = KeptTier.in(root()).open()) {
                assertThat(tier.cache.restored() != null).isEqualTo(round == 1);
                tier.checkpoint(5, 0);
            }
            assertThat(Thread.interrupted()).isTrue();
            Path header = root().resolve(KeptTier.CACHE).resolve("header");
            assertThat(StoreHeader.decode(Files.readAllBytes(header)).clean()).isTrue();
        }
    }

    @Test
    void aTimeLimitIsRefusedUnlessItIsPositiveAndNotTooLong() {
        for (Duration limit : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
            assertThatThrownBy(() -> ChronicleLocal.builder().recoveryTimeout(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("recoveryTimeout=" + limit);
        }
    }

    @Test
    void aCheckpointOfOtherPartitionsIsRefused() {
        try (KeptTier tier = KeptTier.in(root()).open()) {
            Checkpoint other = new Checkpoint(LogPosition.all(5, 0), LogPosition.all(5, 0));
            assertThatThrownBy(() -> tier.cache.checkpoint(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("partitions=5")
                    .hasMessageContaining("partitions=4");
        }
    }
}
