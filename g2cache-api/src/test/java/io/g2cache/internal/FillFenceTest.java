package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Floors;
import io.g2cache.spi.KeySpace;
import io.g2cache.spi.LogPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FillFenceTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final CacheFloors.TagOptions TAGS = new CacheFloors.TagOptions(1_000, Duration.ofDays(1));

    private final ManualTime time = new ManualTime();
    private final KeySpace space = new KeySpace("cities", 1);

    private EncodedKey key(int number) {
        return space.key(("k" + number).getBytes(StandardCharsets.UTF_8));
    }

    private FillFence fence(boolean hasMaterialiser) {
        return new FillFence(time, 1, 16, WINDOW, hasMaterialiser, TAGS);
    }

    private void flood(FillFence fence, int from, int to) {
        for (int i = from; i < to; i++) {
            fence.record(key(i), i);
        }
    }

    /** Each event a window after the last, so that none leaves early. */
    private void slowly(FillFence fence, int from, int to) {
        for (int i = from; i < to; i++) {
            time.advance(WINDOW);
            flood(fence, i, i + 1);
        }
    }

    @Test
    void aFillBelowTheNewestEventOfItsKeyIsRefused() {
        FillFence fence = fence(true);
        Admission admission = fence.admission(fence.floors("cities"));
        fence.record(key(1), 7);
        assertThat(admission.admits(key(1), 6)).isFalse();
        assertThat(admission.admits(key(1), 7)).isTrue();
        assertThat(admission.admits(key(2), 0)).isTrue();
        assertThat(fence.isCurrent(key(1), 6, fence.floors("none"))).isFalse();
        assertThat(fence.isCurrent(key(1), 7, fence.floors("none"))).isTrue();
    }

    @Test
    void aClearKillsWhatIsOlder() {
        FillFence fence = fence(true);
        CacheFloors floors = fence.floors("cities");
        floors.raise(0, 9);
        floors.raise(0, 3);
        assertThat(floors.floor(0)).isEqualTo(9);
        assertThat(fence.admission(floors).admits(key(1), 8)).isFalse();
        assertThat(fence.admission(floors).admits(key(1), 9)).isTrue();
        assertThat(fence.isCurrent(key(1), 8, floors)).isFalse();
        assertThat(fence.floors("cities")).isSameAs(floors);
        assertThat(fence.floors("other").floor(0)).isEqualTo(RecentVersions.NONE);
    }

    @Test
    void anOldCopyIsAdmittedUnlessAnEventLeavesWhileItIsBeingRead() {
        FillFence fence = fence(true);
        fence.committed(LogPosition.of(1_000_000));
        slowly(fence, 100, 300);
        long before = fence.fillFloor(key(1));
        assertThat(before).isGreaterThan(5);
        CacheFloors floors = fence.floors("cities");
        assertThat(fence.admission(floors).admits(key(1), 5)).isFalse();
        Admission copy = fence.copyAdmission(floors, before);
        assertThat(copy.admits(key(1), 5)).isTrue();
        assertThat(copy.admits(key(299), 298)).isFalse();

        slowly(fence, 300, 400);
        assertThat(fence.fillFloor(key(1))).isGreaterThan(before);
        assertThat(copy.admits(key(1), 5)).isFalse();
        assertThat(fence.copyAdmission(floors, fence.fillFloor(key(1))).admits(key(1), 5))
                .isTrue();
        floors.raise(0, 6);
        assertThat(fence.copyAdmission(floors, fence.fillFloor(key(1))).admits(key(1), 5))
                .isFalse();
    }

    @Test
    void whatIsForcedOutEarlyRaisesBothFloors() {
        FillFence fence = fence(false);
        fence.record(key(1000), 1_000);
        flood(fence, 0, 500);
        fence.record(key(1001), 1_001);
        Admission admission = fence.admission(Floors.NONE);
        assertThat(fence.newest(key(1000))).isEqualTo(RecentVersions.NONE);
        assertThat(admission.admits(key(1000), 999)).isFalse();
        assertThat(fence.isCurrent(key(1000), 999, fence.floors("none"))).isFalse();
        assertThat(fence.isCurrent(key(1000), 1_000, fence.floors("none"))).isTrue();
    }

    @Test
    void whatLeavesAfterItsWindowAndIsMaterialisedRaisesTheFillFloorOnly() {
        FillFence fence = fence(true);
        fence.record(key(1000), 1_000);
        time.advance(WINDOW);
        fence.committed(LogPosition.of(1_001));
        flood(fence, 1_001, 1_500);
        assertThat(fence.newest(key(1000))).isEqualTo(RecentVersions.NONE);
        assertThat(fence.admission(Floors.NONE).admits(key(1000), 999)).isFalse();
    }

    @Test
    void withinTheWindowOrBeforeTheMaterialiserNothingOfTheOutTierIsTrusted() {
        FillFence unmaterialised = fence(true);
        unmaterialised.record(key(1), 1);
        time.advance(WINDOW);
        flood(unmaterialised, 2, 40);
        assertThat(unmaterialised.isCurrent(key(1), 0, unmaterialised.floors("none")))
                .isFalse();
        FillFence old = new FillFence(time, 1, 16, WINDOW, false, TAGS);
        old.record(key(1), 1);
        time.advance(WINDOW);
        for (int i = 0; i < 400 && old.newest(key(1)) != RecentVersions.NONE; i++) {
            old.record(key(100 + i), 2);
        }
        assertThat(old.newest(key(1))).isEqualTo(RecentVersions.NONE);
    }

    @Test
    void aKeyThatLeavesDuringTheCheckOfAnOutTierValueIsNotMissed() {
        FillFence fence = fence(false);
        fence.record(key(1), 5_000);
        SharedFloors leavesMeanwhile = new SharedFloors() {
            @Override
            public long floor(int partition) {
                return sharedFloor(partition);
            }

            @Override
            public long sharedFloor(int partition) {
                flood(fence, 10, 500);
                return RecentVersions.NONE;
            }
        };
        assertThat(fence.isCurrent(key(1), 4_999, leavesMeanwhile)).isFalse();
    }

    @Test
    void aGapKillsWhatIsOlderInEveryCacheAndNoLaterLoad() {
        FillFence fence = fence(true);
        CacheFloors before = fence.floors("cities");
        fence.gap(0, 8);
        for (CacheFloors floors : new CacheFloors[] {before, fence.floors("made later")}) {
            assertThat(floors.floor(0)).isEqualTo(8);
            assertThat(fence.admission(floors).admits(key(1), 7)).isFalse();
            assertThat(fence.admission(floors).admits(key(1), 8)).isTrue();
            assertThat(fence.isCurrent(key(1), 7, floors)).isFalse();
            assertThat(fence.isCurrent(key(1), 8, floors)).isTrue();
        }
    }

    @Test
    void loadsFromBeforeTheStartAreRefused() {
        FillFence fence = fence(true);
        fence.startAt(LogPosition.of(10));
        assertThat(fence.admission(Floors.NONE).admits(key(1), 8)).isFalse();
        assertThat(fence.admission(Floors.NONE).admits(key(1), 9)).isTrue();
    }

    @Test
    void whatThisNodeHasMissedKillsItsOwnEntriesAndSharedOnesOnlyUntilTheMaterialisersHavePassedIt() {
        FillFence fence = fence(true);
        CacheFloors floors = fence.floors("cities");
        fence.missed(0, 9);
        assertThat(floors.floor(0)).isEqualTo(9);
        assertThat(floors.sharedFloor(0)).isEqualTo(RecentVersions.NONE);
        assertThat(fence.floors("opened later").floor(0)).isEqualTo(9);
        assertThat(fence.admission(floors).admits(key(1), 8)).isFalse();
        assertThat(fence.isCurrent(key(1), 8, floors)).isFalse();
        assertThat(fence.isCurrent(key(1), 9, floors)).isTrue();
        fence.committed(LogPosition.of(9));
        assertThat(fence.isCurrent(key(1), 8, floors)).isFalse();
        fence.committed(LogPosition.of(10));
        assertThat(fence.isCurrent(key(1), 8, floors)).isTrue();
        fence.record(key(1), 11);
        assertThat(fence.isCurrent(key(1), 8, floors)).isFalse();
        assertThat(fence.isAlive(key(1), 8, floors)).isTrue();
        assertThat(fence.copyAdmission(floors, fence.fillFloor(key(1))).admits(key(2), 8))
                .isFalse();
    }

    private static void clear(FillFence fence, String cache, long version) {
        fence.raise(cache, floors -> floors.raise(0, version));
    }

    @Test
    void namesOfCachesInTheLogAreBounded() {
        FillFence fence = fence(false);
        for (int i = 0; i < 3 * FloorsByCache.MOST_NOT_OPEN; i++) {
            clear(fence, "cache" + i, i);
        }
        assertThat(fence.notOpen()).isEqualTo(FloorsByCache.MOST_NOT_OPEN);
    }

    @Test
    void whatNamesHadThatAreForgottenKillsInEveryCacheThatIsOpenedLater() {
        FillFence fence = fence(false);
        CacheFloors openAllAlong = fence.floors("open all along");
        clear(fence, "forgotten", 7);
        fence.raise("forgotten with a tag", floors -> floors.raiseTag(0, 1, 9));
        clear(fence, "eldest left", 5);
        for (int i = 1; i < FloorsByCache.MOST_NOT_OPEN; i++) {
            clear(fence, "cache" + i, 100);
        }
        for (String cache : new String[] {"forgotten", "forgotten with a tag", "never heard of"}) {
            assertThat(fence.floors(cache).floor(0)).as(cache).isEqualTo(9);
            assertThat(fence.floors(cache).sharedFloor(0)).as(cache).isEqualTo(9);
        }
        assertThat(fence.floors("eldest left").floor(0)).isEqualTo(5);
        assertThat(openAllAlong.floor(0)).isEqualTo(RecentVersions.NONE);
    }

    @Test
    void whatTheOutTierKnowsKillsNothingSharedWhenItIsForgotten() {
        FillFence fence = fence(true);
        clear(fence, "materialised", 7);
        fence.committed(LogPosition.of(8));
        for (int i = 0; i < FloorsByCache.MOST_NOT_OPEN; i++) {
            clear(fence, "cache" + i, 100);
        }
        assertThat(fence.floors("opened later").floor(0)).isEqualTo(7);
        assertThat(fence.floors("opened later").sharedFloor(0)).isEqualTo(RecentVersions.NONE);
    }

    @Test
    void aClosedCacheKeepsItsFloorsWhereTheySayAnything() {
        FillFence fence = fence(false);
        CacheFloors floors = fence.floors("cities");
        fence.closed("cities", true);
        assertThat(fence.notOpen()).isZero();
        assertThat(fence.floors("cities")).isNotSameAs(floors);
        clear(fence, "cities", 5);
        fence.closed("cities", true);
        assertThat(fence.notOpen()).isEqualTo(1);
        clear(fence, "cities", 6);
        fence.missed(0, 4);
        assertThat(fence.floors("cities").floor(0)).isEqualTo(6);
        assertThat(fence.notOpen()).isZero();
    }

    @Test
    void aClosedCacheThatIsStillWorkedWithKeepsItsFloors() {
        FillFence fence = fence(false);
        CacheFloors floors = fence.floors("cities");
        fence.closed("cities", false);
        assertThat(fence.floors("cities")).isSameAs(floors);
    }

    @Test
    void aCacheWithAClearThatWaitsForTheLogIsNeverForgotten() {
        FillFence fence = fence(false);
        CacheFloors floors = fence.floors("cities");
        fence.clearWaits("cities");
        fence.closed("cities", true);
        for (int i = 0; i <= FloorsByCache.MOST_NOT_OPEN; i++) {
            clear(fence, "cache" + i, 100);
        }
        assertThat(fence.floors("cities")).isSameAs(floors);
        assertThat(fence.isCurrent(key(1), 1_000, floors)).isFalse();
        fence.clearSent("cities");
        assertThat(fence.isCurrent(key(1), 1_000, floors)).isTrue();
        fence.closed("cities", true);
        assertThat(fence.notOpen()).isEqualTo(FloorsByCache.MOST_NOT_OPEN - 1);
    }
}
