package io.g2cache.testkit;

import static io.g2cache.testkit.LocalTier.HARD;
import static io.g2cache.testkit.LocalTier.MAXIMUM_VALUE_BYTES;
import static io.g2cache.testkit.LocalTier.NOW;
import static io.g2cache.testkit.LocalTier.SOFT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.codec.Codecs;
import io.g2cache.spi.Admission;
import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.LocalCacheProvider;
import io.g2cache.spi.LocalEntry;
import io.g2cache.spi.Tags;
import io.g2cache.spi.ValueFormat;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link io.g2cache.spi.LocalCache} does. An implementation passes it by a subclass that names its provider;
 * its tests use no clock, and the random ones name their seed when they fail.
 */
public abstract class LocalCacheContract {
    /** A call of {@code cleanUp} is bounded; so many get round a tier of this size. */
    private static final int SWEEPS = 16;

    private static final Admission REFUSE = (key, version) -> false;

    private LocalCacheProvider provider;
    private LocalTier<String, String> tier;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected LocalCacheContract() {}

    /** A new provider; called once for each test, which closes it. */
    protected abstract LocalCacheProvider provider();

    @BeforeEach
    void open() {
        provider = provider();
        tier = LocalTier.ofStrings(provider);
    }

    @AfterEach
    void close() {
        tier.cache().close();
        provider.close();
    }

    private void assertHeld(String key, long version, String value) {
        assertThat(tier.cache().find(tier.key(key))).isEqualTo(new LocalEntry<>(version, SOFT, HARD, value));
        assertThat(tier.get(key)).isEqualTo(value);
    }

    private void assertNothing(String key) {
        assertThat(tier.cache().find(tier.key(key))).isNull();
        assertThat(tier.get(key)).isNull();
    }

    @Test
    void nothingIsHeldAtFirst() {
        assertNothing("a");
        assertThat(tier.cache().estimatedSize()).isZero();
        assertThat(tier.cache().evictions()).isZero();
        assertThat(provider.name()).isNotBlank();
    }

    @Test
    void keepsWhatIsFilledAndApplied() {
        assertThat(tier.fill("a", -1, "one")).isTrue();
        assertThat(tier.apply("b", 7, "zwei ✓")).isTrue();
        assertHeld("a", -1, "one");
        assertHeld("b", 7, "zwei ✓");
        assertNothing("c");
    }

    @Test
    void getEndsAtTheSoftDeadlineAndFindDoesNot() {
        tier.fill("a", 3, "one");
        assertThat(tier.cache().get("a", SOFT - 1)).isEqualTo("one");
        assertThat(tier.cache().get("a", SOFT)).isNull();
        assertThat(tier.cache().get("a", HARD)).isNull();
        assertHeld("a", 3, "one");
    }

    @Test
    void anEntryPastItsDeadlinesIsStillFound() {
        tier.cache()
                .fill(
                        tier.key("a"),
                        Entry.value(3, NOW - 2, NOW - 1, tier.format().encode("old")),
                        Admission.ALWAYS);
        assertThat(tier.get("a")).isNull();
        assertThat(tier.cache().find(tier.key("a"))).isEqualTo(new LocalEntry<>(3, NOW - 2, NOW - 1, "old"));
    }

    @Test
    void everyKeyIsSampledInTurn() {
        LocalCacheBounds.everyKeyIsSampledInTurn(tier);
    }

    @Test
    void discardAllRemovesEverythingAndStaysUsable() {
        for (int i = 0; i < 50; i++) {
            tier.fill("k" + i, i, "value");
        }
        tier.cache().discardAll();
        for (int i = 0; i < 50; i++) {
            assertNothing("k" + i);
        }
        assertThat(tier.cache().estimatedSize()).isZero();
        tier.fill("k1", 0, "again");
        assertHeld("k1", 0, "again");
    }

    @Test
    void fillReplacesUpToItsOwnVersion() {
        tier.fill("a", 5, "five");
        assertThat(tier.fill("a", 4, "four")).isFalse();
        assertHeld("a", 5, "five");
        assertThat(tier.fill("a", 5, "five again")).isTrue();
        assertHeld("a", 5, "five again");
        assertThat(tier.fill("a", 6, "six")).isTrue();
        assertHeld("a", 6, "six");
    }

    @Test
    void applyReplacesBelowItsVersionOnly() {
        tier.apply("a", 5, "five");
        assertThat(tier.apply("a", 4, "four")).isFalse();
        assertThat(tier.apply("a", 5, "five again")).isFalse();
        assertHeld("a", 5, "five");
        assertThat(tier.apply("a", 6, "six")).isTrue();
        assertHeld("a", 6, "six");
    }

    @Test
    void removeTakesSmallerVersionsOnly() {
        tier.fill("a", 5, "five");
        assertThat(tier.cache().remove(tier.key("a"), 4)).isFalse();
        assertThat(tier.cache().remove(tier.key("a"), 5)).isFalse();
        assertHeld("a", 5, "five");
        assertThat(tier.cache().remove(tier.key("a"), 6)).isTrue();
        assertNothing("a");
        assertThat(tier.cache().remove(tier.key("a"), 7)).isFalse();
    }

    @Test
    void removeLeavesNoTombstone() {
        tier.fill("a", 5, "five");
        tier.cache().remove(tier.key("a"), 9);
        assertThat(tier.fill("a", 6, "six")).isTrue();
        assertHeld("a", 6, "six");
    }

    @Test
    void discardTakesEveryVersion() {
        tier.fill("a", Long.MAX_VALUE / 2, "far");
        tier.cache().discard(tier.key("a"));
        tier.cache().discard(tier.key("never held"));
        assertNothing("a");
        assertThat(tier.fill("a", 0, "near")).isTrue();
        assertHeld("a", 0, "near");
    }

    @Test
    void aRefusedFillChangesNothing() {
        assertThat(tier.cache().fill(tier.key("a"), tier.entry(6, "six"), REFUSE))
                .isFalse();
        assertNothing("a");
        tier.fill("a", 5, "five");
        assertThat(tier.cache().fill(tier.key("a"), tier.entry(6, "six"), REFUSE))
                .isFalse();
        assertHeld("a", 5, "five");
    }

    @Test
    void aRefusedApplyRemovesWhatIsOlder() {
        tier.fill("a", 5, "five");
        assertThat(tier.cache().apply(tier.key("a"), tier.entry(5, "again"), REFUSE))
                .isFalse();
        assertHeld("a", 5, "five");
        assertThat(tier.cache().apply(tier.key("a"), tier.entry(6, "six"), REFUSE))
                .isFalse();
        assertNothing("a");
    }

    @Test
    void theAdmissionIsAskedForTheKeyAndVersionToStore() {
        EncodedKey a = tier.key("a");
        Admission onlyThis = (key, version) -> key.equals(a) && key.partition() == a.partition() && version == 6;
        assertThat(tier.cache().fill(a, tier.entry(6, "six"), onlyThis)).isTrue();
        assertThat(tier.cache().apply(a, tier.entry(7, "seven"), onlyThis)).isFalse();
        assertThat(tier.cache().fill(tier.key("b"), tier.entry(6, "six"), onlyThis))
                .isFalse();
        assertNothing("a");
    }

    @Test
    void aKnownAbsenceIsFoundAndIsNoValue() {
        EncodedKey a = tier.key("a");
        tier.fill("a", 5, "five");
        assertThat(tier.cache().apply(a, Entry.absent(6, SOFT, HARD), Admission.ALWAYS))
                .isTrue();
        assertThat(tier.get("a")).isNull();
        assertThat(tier.cache().find(a)).isEqualTo(new LocalEntry<String>(6, SOFT, HARD, null));
        assertThat(tier.cache().fill(a, Entry.absent(6, SOFT + 1, HARD + 1), Admission.ALWAYS))
                .isTrue();
        assertThat(tier.cache().find(a)).isEqualTo(new LocalEntry<String>(6, SOFT + 1, HARD + 1, null));
        assertThat(tier.fill("a", 7, "seven")).isTrue();
        assertHeld("a", 7, "seven");
    }

    @Test
    void entriesBelowTheirFloorAreDead() {
        tier.fill("a", 5, "five");
        int partition = tier.key("a").partition();
        tier.floors().set((partition + 1) % tier.keySpace().partitions(), 100);
        tier.floors().set(partition, 5);
        assertHeld("a", 5, "five");
        tier.floors().set(partition, 6);
        assertNothing("a");
        tier.apply("a", 5, "dead on arrival");
        assertNothing("a");
        assertThat(tier.fill("a", 6, "six")).isTrue();
        assertHeld("a", 6, "six");
    }

    @Test
    void entriesBelowTheFloorOfOneOfTheirTagsAreDead() {
        EncodedKey a = tier.key("a");
        tier.cache().fill(a, tier.entry(5, "five", "red", "round"), Admission.ALWAYS);
        tier.cache().apply(tier.key("b"), tier.entry(5, "other", "red"), Admission.ALWAYS);
        tier.fill("c", 5, "no tags");
        tier.tagFloors().put(Tags.hash("blue"), 100L);
        tier.tagFloors().put(Tags.hash("round"), 5L);
        for (String key : new String[] {"a", "b", "c"}) {
            // hits may be answered from elsewhere after a while
            assertThat(tier.get(key)).isNotNull();
            assertThat(tier.get(key)).isNotNull();
        }
        assertHeld("a", 5, "five");

        tier.tagFloors().put(Tags.hash("round"), 6L);
        assertNothing("a");
        assertHeld("b", 5, "other");
        assertHeld("c", 5, "no tags");

        assertThat(tier.cache().apply(a, tier.entry(7, "seven", "round"), Admission.ALWAYS))
                .isTrue();
        assertHeld("a", 7, "seven");
        tier.tagFloors().put(Tags.hash("red"), 8L);
        assertHeld("a", 7, "seven");
        assertNothing("b");
    }

    @Test
    void anEntryMayHaveAsManyTagsAsThereMayBe() {
        String[] tags = new String[Tags.MOST_PER_ENTRY];
        Arrays.setAll(tags, i -> "tag " + i);
        for (int i = 0; i < tags.length; i++) {
            tier.cache().fill(tier.key("a"), tier.entry(2L * i, "value " + i, tags), Admission.ALWAYS);
            assertHeld("a", 2L * i, "value " + i);
            tier.tagFloors().put(Tags.hash(tags[i]), 2L * i + 1);
            assertNothing("a");
        }
    }

    @Test
    void anEntryBelowThePartitionsFloorIsDeadWhateverItsTags() {
        tier.cache().fill(tier.key("a"), tier.entry(5, "five", "red"), Admission.ALWAYS);
        assertHeld("a", 5, "five");
        tier.floors().set(tier.key("a").partition(), 6);
        assertNothing("a");
    }

    @Test
    void aCopyingTierLooksAtTagsToo() {
        try (var copying = LocalTier.open(provider, "copies", Codecs.string(), Codecs.string(), true)) {
            copying.cache().fill(copying.key("a"), copying.entry(5, "five", "red"), Admission.ALWAYS);
            assertThat(copying.get("a")).isEqualTo("five");
            assertThat(copying.find("a")).isEqualTo(new LocalEntry<>(5, SOFT, HARD, "five"));
            copying.tagFloors().put(Tags.hash("red"), 6L);
            assertThat(copying.get("a")).isNull();
            assertThat(copying.find("a")).isNull();
        }
    }

    @Test
    void malformedTagsAreAMiss() {
        for (int count : new int[] {0, 1, 16, 17, -1}) {
            byte[] stored = LocalTier.stored("string", 0, new byte[] {(byte) count, 1, 2, 3, 4, 5, 6, 7});
            stored[0] |= (byte) 0x80;
            tier.fill("a", 5, "five");
            tier.cache().apply(tier.key("a"), Entry.value(6, SOFT, HARD, stored), Admission.ALWAYS);
            assertNothing("a");
            tier.cache().discard(tier.key("a"));
        }
    }

    @Test
    void bytesOfAnotherCodecOrSchemaAreAMiss() {
        byte[] payload = Codecs.string().encode("text");
        for (byte[] foreign : new byte[][] {
            LocalTier.stored("other", 0, payload), LocalTier.stored("string", 1, payload), new byte[0], new byte[5]
        }) {
            tier.cache().discard(tier.key("a"));
            tier.fill("a", 5, "five");
            tier.cache().fill(tier.key("a"), Entry.value(4, SOFT, HARD, foreign), Admission.ALWAYS);
            assertHeld("a", 5, "five");
            tier.cache().fill(tier.key("a"), Entry.value(5, SOFT, HARD, foreign), Admission.ALWAYS);
            assertNothing("a");
            tier.fill("a", 6, "six");
            tier.cache().apply(tier.key("a"), Entry.value(7, SOFT, HARD, foreign), Admission.ALWAYS);
            assertNothing("a");
            assertThat(tier.fill("a", 8, "eight")).isTrue();
            assertHeld("a", 8, "eight");
        }
    }

    @Test
    void malformedBytesAreAMissAndReplaceWhatIsOlder() {
        byte[] malformed = LocalTier.stored("long", 0, new byte[3]);
        try (var longs = LocalTier.open(provider, "longs", Codecs.string(), Codecs.int64(), false)) {
            longs.fill("a", 5, 42L);
            assertThat(longs.get("a")).isEqualTo(42L);
            longs.cache().apply(longs.key("a"), Entry.value(6, SOFT, HARD, malformed), Admission.ALWAYS);
            assertThat(longs.get("a")).isNull();
            assertThat(longs.find("a")).isNull();
            longs.cache().fill(longs.key("a"), Entry.value(7, SOFT, HARD, malformed), Admission.ALWAYS);
            assertThat(longs.get("a")).isNull();
            assertThat(longs.apply("a", 8, 43L)).isTrue();
            assertThat(longs.get("a")).isEqualTo(43L);
        }
    }

    @Test
    void anOversizeValueIsRefusedByNameAndReplacesWhatIsOlder() {
        EncodedKey a = tier.key("a");
        tier.fill("a", 5, "five");
        Entry huge = tier.entry(6, "x".repeat(MAXIMUM_VALUE_BYTES - ValueFormat.HEADER_BYTES + 1));
        for (Runnable write : new Runnable[] {
            () -> tier.cache().fill(a, huge, Admission.ALWAYS),
            () -> tier.cache().apply(a, huge, Admission.ALWAYS)
        }) {
            assertThatThrownBy(write::run)
                    .isInstanceOf(TierException.class)
                    .hasMessageContaining(String.valueOf(MAXIMUM_VALUE_BYTES + 1))
                    .hasMessageContaining(String.valueOf(MAXIMUM_VALUE_BYTES));
            assertNothing("a");
            tier.fill("a", 5, "five");
        }
        assertThatThrownBy(() -> tier.cache().apply(a, huge.withVersion(4), Admission.ALWAYS))
                .isInstanceOf(TierException.class);
        assertHeld("a", 5, "five");
    }

    @Test
    void byteKeysAreFoundByContent() {
        try (var bytes = LocalTier.open(provider, "bytes", Codecs.bytes(), Codecs.string(), false)) {
            byte[] key = {1, 2, 3};
            bytes.fill(key, 5, "five");
            assertThat(bytes.get(key)).isEqualTo("five");
            assertThat(bytes.get(new byte[] {1, 2})).isNull();
            key[0] = 9;
            assertThat(bytes.get(key)).isNull();
            assertThat(bytes.get(new byte[] {1, 2, 3})).isEqualTo("five");
            bytes.cache().discard(bytes.key(new byte[] {1, 2, 3}));
            assertThat(bytes.get(new byte[] {1, 2, 3})).isNull();
        }
    }

    @Test
    void aCopyingTierHandsOutValuesOfTheCallersOwn() {
        try (var copying = LocalTier.open(provider, "copies", Codecs.string(), Codecs.bytes(), true)) {
            copying.fill("a", 5, new byte[] {1, 2, 3});
            Objects.requireNonNull(copying.get("a"))[0] = 9;
            assertThat(copying.get("a")).containsExactly(1, 2, 3);
            LocalEntry<byte[]> found = Objects.requireNonNull(copying.find("a"));
            Objects.requireNonNull(found.value())[1] = 9;
            assertThat(copying.get("a")).containsExactly(1, 2, 3);
        }
    }

    @Test
    void cachesOfOneProviderAreSeparate() {
        try (var other = LocalTier.open(provider, "other", Codecs.string(), Codecs.string(), false)) {
            tier.fill("a", 5, "five");
            assertThat(other.get("a")).isNull();
            other.fill("a", 3, "three");
            assertHeld("a", 5, "five");
        }
        assertHeld("a", 5, "five");
    }

    @Test
    void cleaningUpKeepsWhatWasInTimeAtTheGivenMoment() {
        tier.fill("a", 5, "five");
        tier.cache()
                .fill(tier.key("b"), Entry.value(5, NOW - 1, NOW, tier.format().encode("old")), Admission.ALWAYS);
        for (int call = 0; call < SWEEPS; call++) {
            tier.cache().cleanUp(NOW - 1);
        }
        assertHeld("a", 5, "five");
        assertThat(tier.cache().find(tier.key("b"))).isNotNull();
    }

    @Test
    void cleaningUpDropsWhatIsExpiredOrDead() {
        EncodedKey expired = tier.key("expired");
        EncodedKey dead = tier.key("dead");
        tier.cache().fill(expired, Entry.value(5, NOW - 1, NOW, tier.format().encode("old")), Admission.ALWAYS);
        tier.fill("dead", 5, "five");
        tier.cache().fill(tier.key("tagged"), tier.entry(5, "tagged", "red"), Admission.ALWAYS);
        tier.tagFloors().put(Tags.hash("red"), 6L);
        tier.fill("kept", 7, "seven");
        tier.floors().set(dead.partition(), 6);
        for (int call = 0; call < SWEEPS; call++) {
            tier.cache().cleanUp(NOW);
        }
        // what is still there would come back to light
        tier.floors().set(dead.partition(), Long.MIN_VALUE);
        tier.tagFloors().clear();
        assertNothing("tagged");
        assertThat(tier.cache().find(expired)).isNull();
        assertThat(tier.cache().find(dead)).isNull();
        assertHeld("kept", 7, "seven");
        assertThat(tier.cache().evictions()).isZero();
        assertThat(tier.fill("expired", 4, "four")).isTrue();
        assertHeld("expired", 4, "four");
    }

    @Test
    void aClosedTierIsEmptyAndStoresNothing() {
        tier.fill("a", 5, "five");
        tier.cache().close();
        tier.cache().close();
        assertNothing("a");
        assertThat(tier.fill("a", 6, "six")).isFalse();
        assertThat(tier.apply("b", 6, "six")).isFalse();
        assertThat(tier.cache().remove(tier.key("a"), 9)).isFalse();
        tier.cache().discard(tier.key("a"));
        tier.cache().cleanUp(HARD);
        assertNothing("a");
        assertNothing("b");
        assertThat(tier.cache().estimatedSize()).isZero();
    }

    @Test
    void keysMayBeHashed() {
        LocalCacheBounds.keysMayBeHashed(provider);
    }

    @Test
    void valuesOfEverySizeComeBack() {
        LocalCacheBounds.valuesOfEverySizeComeBack(provider);
    }

    @Test
    void manyInsertsEvictAndNeverThrow() {
        LocalCacheBounds.manyInsertsEvictAndNeverThrow(tier);
    }

    @Test
    void entriesThatGrowAndShrinkInPlaceStayWhole() {
        LocalCacheBounds.entriesThatGrowAndShrinkInPlaceStayWhole(tier);
    }

    @Test
    void versionsOnlyGoUpUnderConcurrentWriters() {
        LocalCacheRaces.versionsOnlyGoUp(tier);
    }

    @Test
    void concurrentMixedUseNeverMixesKeysOrTearsValues() {
        LocalCacheRaces.mixedUse(tier);
    }

    @Test
    void noFillSurvivesARemoveWhoseAdmissionWasTurnedOffBefore() {
        LocalCacheRaces.fillsAgainstRemoves(tier);
    }

    @Test
    void noFillSurvivesANewerApply() {
        LocalCacheRaces.fillsAgainstApplies(tier);
    }

    @Test
    void closingUnderLoadLeavesTheTierEmpty() {
        LocalCacheRaces.closeUnderLoad(tier);
    }
}
