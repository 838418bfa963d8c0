package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.internal.CacheFloors.TagOptions;
import io.g2cache.spi.TagFloor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TagFloorsTest {
    private static final Duration LIFE = Duration.ofHours(3);
    private static final long NONE = RecentVersions.NONE;

    private final ManualTime time = new ManualTime();

    private CacheFloors floors(int capacity) {
        return new CacheFloors(4, new TagOptions(capacity, LIFE), time);
    }

    @Test
    void everyTagHasAFloorOfItsOwnInEachPartition() {
        CacheFloors floors = floors(1_000);
        floors.raiseTag(0, 7, 5);
        floors.raiseTag(1, 7, 50);
        floors.raiseTag(1, 0, 9);
        floors.raiseTag(1, 7, 4);
        assertThat(floors.tagFloor(0, 7)).isEqualTo(5);
        assertThat(floors.tagFloor(1, 7)).isEqualTo(50);
        assertThat(floors.tagFloor(1, 0)).isEqualTo(9);
        assertThat(floors.tagFloor(2, 7)).isEqualTo(NONE);
        assertThat(floors.tagFloor(0, 8)).isEqualTo(NONE);
        assertThat(floors.isAlive(1, 49, new long[] {8, 7})).isFalse();
        assertThat(floors.isAlive(1, 50, new long[] {8, 7})).isTrue();
        assertThat(floors.isAlive(2, 1, new long[] {8, 7})).isTrue();
        floors.raise(2, 2);
        assertThat(floors.isAlive(2, 1, new long[] {8, 7})).isFalse();
    }

    @Test
    void behavesLikeAMapAsLongAsThereIsRoom() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            CacheFloors floors = floors(4 * 500);
            Map<List<Long>, Long> expected = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                int partition = random.nextInt(4);
                long tag = random.nextInt(3) == 0 ? random.nextInt(10) : random.nextLong();
                long version = random.nextInt(1_000);
                floors.raiseTag(partition, tag, version);
                expected.merge(List.of((long) partition, tag), version, Math::max);
            }
            expected.forEach((at, version) ->
                    assertThat(floors.tagFloor(at.get(0).intValue(), at.get(1))).isEqualTo(version));
            assertThat(floors.tagSnapshot())
                    .hasSize(expected.size())
                    .allSatisfy(floor -> assertThat(floor.version())
                            .isEqualTo(expected.get(List.of((long) floor.partition(), floor.tag()))));
            assertThat(floors.tidyTags()).isZero();
        }
    }

    @Test
    void aFloorStaysForTheWholeLifeOfAnEntryAndNotForTwice() {
        CacheFloors floors = floors(1_000);
        List<Long> raisedAt = new ArrayList<>();
        long start = time.monotonicNanos();
        for (int minute = 0; minute < 2_000; minute++) {
            floors.raiseTag(0, minute, minute);
            raisedAt.add(time.monotonicNanos() - start);
            time.advance(Duration.ofMinutes(1));
            long now = time.monotonicNanos() - start;
            for (int tag = 0; tag <= minute; tag++) {
                long age = now - raisedAt.get(tag);
                if (age < LIFE.toNanos()) {
                    assertThat(floors.tagFloor(0, tag)).as("age=%d", age).isEqualTo(tag);
                } else if (age >= 2 * LIFE.toNanos()) {
                    assertThat(floors.tagFloor(0, tag)).as("age=%d", age).isEqualTo(NONE);
                }
            }
        }
        assertThat(floors.floor(0)).isEqualTo(NONE);
        time.advance(LIFE);
        assertThat(floors.tidyTags()).isZero();
        assertThat(floors.tagSnapshot()).isEmpty();
    }

    @Test
    void bothClocksMustHaveMovedOn() {
        CacheFloors floors = floors(1_000);
        floors.raiseTag(0, 1, 1);
        time.wallMillis(time.wallMillis() + 10 * LIFE.toMillis());
        floors.tidyTags();
        assertThat(floors.tagFloor(0, 1)).isEqualTo(1);
        long wall = time.wallMillis();
        time.advance(LIFE.multipliedBy(2));
        time.wallMillis(wall - 11 * LIFE.toMillis());
        floors.tidyTags();
        assertThat(floors.tagFloor(0, 1)).isEqualTo(1);
        time.wallMillis(wall);
        floors.tidyTags();
        assertThat(floors.tagFloor(0, 1)).isEqualTo(NONE);
    }

    @Test
    void whatThereIsNoRoomForRaisesItsPartitionsFloorAndIsCounted() {
        int capacity = 400;
        CacheFloors floors = floors(capacity);
        for (int i = 0; i < 10_000; i++) {
            floors.raiseTag(i % 2, i, i);
            for (int tag : new int[] {0, i / 2, i - 300, i}) {
                int partition = tag % 2;
                if (tag >= 0) {
                    assertThat(floors.isAlive(partition, tag - 1, new long[] {tag}))
                            .as("tag=%d after %d", tag, i)
                            .isFalse();
                }
            }
            assertThat(floors.tagSnapshot().size()).isLessThanOrEqualTo(capacity);
            assertThat(floors.floor(i % 2)).isLessThan(Math.max(0, i - capacity / 2));
        }
        assertThat(floors.tidyTags()).isBetween(10_000L - capacity, 10_000L);
        assertThat(floors.tidyTags()).isZero();
        assertThat(floors.floor(2)).isEqualTo(NONE);
    }

    @Test
    void aFloorThatWasRaisedAgainIsNotForcedOutByItsOldSelf() {
        CacheFloors floors = floors(40);
        for (int i = 0; i < 1_000; i++) {
            floors.raiseTag(0, i % 10, i);
        }
        assertThat(floors.floor(0)).isEqualTo(NONE);
        assertThat(floors.tidyTags()).isZero();
    }

    @Test
    void aSnapshotStaysTheSameUntilSomethingChanges() {
        CacheFloors floors = floors(1_000);
        List<TagFloor> none = floors.tagSnapshot();
        assertThat(none).isEmpty();
        floors.raiseTag(1, 5, 8);
        List<TagFloor> one = floors.tagSnapshot();
        assertThat(one).containsExactly(new TagFloor(1, 5, 8));
        floors.raiseTag(1, 5, 8);
        floors.raiseTag(1, 5, 7);
        floors.tidyTags();
        assertThat(floors.tagSnapshot()).isSameAs(one);
        floors.raiseTag(1, 5, 9);
        assertThat(floors.tagSnapshot()).containsExactly(new TagFloor(1, 5, 9));
    }

    @Test
    void aPartitionsOwnFloorMakesItsTagsNeedless() {
        CacheFloors floors = floors(1_000);
        floors.raise(1, 10);
        floors.raiseTag(1, 5, 10);
        assertThat(floors.tagSnapshot()).isEmpty();
        floors.raiseTag(1, 5, 11);
        assertThat(floors.tagSnapshot()).hasSize(1);
    }

    @Test
    void aReaderFindsNoDeadEntryAliveWhileFloorsAreForcedOut() throws Exception {
        CacheFloors floors = floors(64);
        AtomicBoolean ended = new AtomicBoolean();
        List<String> wrong = new ArrayList<>();
        floors.raiseTag(0, 0, 1);
        Thread reader = new Thread(() -> {
            while (!ended.get()) {
                if (floors.isAlive(0, 0, new long[] {0})) {
                    wrong.add("alive at floor=" + floors.floor(0));
                }
            }
        });
        reader.start();
        for (int i = 1; i < 200_000; i++) {
            floors.raiseTag(0, i, i + 1);
        }
        ended.set(true);
        reader.join(20_000);
        assertThat(reader.isAlive()).isFalse();
        assertThat(wrong).isEmpty();
    }
}
