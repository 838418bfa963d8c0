package io.g2cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.TierException;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutSlot;
import io.g2cache.spi.OutSlot.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ConditionalWritesTest {
    private static final byte[] KEY = {1};
    private static final Duration LIFE = Duration.ofSeconds(30);

    private final UnreliableMap<Object, Object> map = new UnreliableMap<>();

    private boolean apply(Entry entry) {
        return ConditionalWrites.apply(map, KEY, entry, false, LIFE, () -> false);
    }

    private boolean applyEarly(Entry entry) {
        return ConditionalWrites.apply(map, KEY, entry, true, LIFE, () -> false);
    }

    private OutSlot held() {
        return OutRecord.slot(map.held.get(KEY));
    }

    private OutSlot lease() {
        return ConditionalWrites.lease(map, KEY, LIFE);
    }

    private boolean fill(OutSlot lease, Entry entry) {
        return ConditionalWrites.fill(map, KEY, Objects.requireNonNull(lease.token()), entry);
    }

    private static Entry value(long version, int content) {
        return Entry.value(version, 1, 2, new byte[] {(byte) content});
    }

    @Test
    void leavesWhatIsHeldToALease() {
        assertThat(lease().kind()).isEqualTo(OutSlot.Kind.LEASE);
        assertThat(map.lives.values()).containsExactly(LIFE);
        assertThat(lease().token()).isSameAs(held().token());
        apply(Entry.tombstone(3));
        assertThat(lease().version()).isEqualTo(3);
    }

    @Test
    void fillsOnlyWhatTheLeaseWasReadFrom() {
        OutSlot lease = lease();
        assertThat(fill(lease, value(1, 7))).isTrue();
        assertThat(fill(lease, value(1, 8))).isFalse();
        assertThat(held().entry()).usingRecursiveComparison().isEqualTo(value(1, 7));
    }

    @Test
    void refusesAFillWhoseLeaseWasLostAndTakenAgain() {
        OutSlot lost = lease();
        map.held.clear();
        OutSlot taken = lease();
        assertThat(fill(lost, value(1, 7))).isFalse();
        assertThat(fill(taken, value(1, 8))).isTrue();
    }

    @Test
    void refusesAFillOverTheSameTombstoneWrittenAgain() {
        apply(Entry.tombstone(5));
        OutSlot seen = held();
        map.held.clear();
        apply(Entry.tombstone(5));
        assertThat(fill(seen, value(5, 7))).isFalse();
    }

    @Test
    void movesOnlyForward() {
        assertThat(apply(value(5, 1))).isTrue();
        assertThat(apply(Entry.tombstone(4))).isFalse();
        assertThat(apply(Entry.tombstone(5))).isFalse();
        assertThat(apply(value(5, 2))).isFalse();
        assertThat(apply(Entry.tombstone(6))).isTrue();
        assertThat(held().entry()).isEqualTo(Entry.tombstone(6));
    }

    @Test
    void letsAValueReplaceTheTombstoneOfItsOwnVersion() {
        apply(Entry.tombstone(5));
        assertThat(apply(Entry.tombstone(5))).isFalse();
        assertThat(apply(Entry.absent(5, 1, 2))).isTrue();
        assertThat(apply(value(5, 1))).isFalse();
    }

    @Test
    void recognisesItsOwnEarlyWriteBehindARefusal() {
        map.lies = 1;
        assertThat(applyEarly(value(5, 1))).isTrue();
        assertThat(held().source()).isEqualTo(Source.EARLY);
        map.lies = 1;
        assertThat(ConditionalWrites.confirm(map, KEY, held())).isTrue();
        assertThat(held().source()).isEqualTo(Source.EVENT);
    }

    @Test
    void saysThatItIsEarlyWhereWhatItWasToReplaceIsEvicted() {
        apply(value(3, 1));
        map.beforeReplace = map.held::clear;
        assertThat(applyEarly(Entry.tombstone(4))).isTrue();
        assertThat(held().source()).isEqualTo(Source.EARLY);
        map.held.clear();
        map.beforeReplace = () -> {};
        apply(value(3, 1));
        map.beforeReplace = map.held::clear;
        assertThat(apply(Entry.tombstone(4))).isTrue();
        assertThat(held().source()).isEqualTo(Source.EARLY);
    }

    @Test
    void appliesOverLeasesAndUnreadableContent() {
        lease();
        assertThat(apply(Entry.tombstone(1))).isTrue();
        map.held.put(KEY, "foreign");
        assertThat(apply(Entry.tombstone(0))).isTrue();
    }

    @Test
    void recognisesItsOwnWriteBehindARefusal() {
        map.lies = 1;
        assertThat(apply(Entry.tombstone(5))).isTrue();
        map.lies = 1;
        assertThat(apply(Entry.tombstone(6))).isTrue();
        OutSlot tombstone = held();
        map.lies = 1;
        assertThat(fill(tombstone, value(6, 7))).isTrue();
        map.held.clear();
        map.lies = 1;
        OutSlot lease = lease();
        assertThat(lease.kind()).isEqualTo(OutSlot.Kind.LEASE);
        assertThat(fill(lease, value(7, 7))).isTrue();
    }

    @Test
    void endsAfterTooManyLostRounds() {
        apply(Entry.tombstone(0));
        map.beforeReplace = () -> map.held.put(KEY, OutRecord.of(Entry.tombstone(0), Source.EVENT));
        assertThatThrownBy(() -> apply(value(1, 1)))
                .isInstanceOf(TierException.class)
                .hasMessageContaining("maxRounds=" + ConditionalWrites.MAX_ROUNDS);
    }

    @Test
    void endsOnceTheCallerHasGivenUp() {
        assertThatThrownBy(() -> ConditionalWrites.apply(map, KEY, value(1, 1), false, LIFE, () -> true))
                .isInstanceOf(TierException.class);
        assertThat(map.held).isEmpty();
    }

    @Test
    void aValueWhoseCallerHasGivenUpIsNotStoredWhereANewerTombstoneWasEvicted() {
        AtomicBoolean givenUp = new AtomicBoolean();
        map.beforeReplace = () -> {
            givenUp.set(true);
            map.beforeReplace = () -> {};
            apply(Entry.tombstone(2));
            map.held.clear();
        };
        assertThatThrownBy(() -> ConditionalWrites.apply(map, KEY, value(1, 1), false, LIFE, givenUp::get))
                .isInstanceOf(TierException.class);
        assertThat(map.held).isEmpty();
    }

    @Test
    void aPlaceholderThatComesLateStaysOne() {
        AtomicBoolean givenUp = new AtomicBoolean();
        assertThatThrownBy(() ->
                        ConditionalWrites.apply(map, KEY, value(1, 1), false, LIFE, () -> givenUp.getAndSet(true)))
                .isInstanceOf(TierException.class);
        assertThat(held().kind()).isEqualTo(OutSlot.Kind.LEASE);
        assertThat(map.lives.values()).containsExactly(LIFE);
    }

    @Test
    void raisesAFloorAndNeverLowersIt() {
        UnreliableMap<Integer, Long> floors = new UnreliableMap<>();
        ConditionalWrites.raise(floors, 3, 10, () -> false);
        ConditionalWrites.raise(floors, 3, 9, () -> false);
        assertThat(floors.held).containsExactly(Map.entry(3, 10L));
        floors.lies = 1;
        ConditionalWrites.raise(floors, 3, 11, () -> false);
        assertThat(floors.held).containsExactly(Map.entry(3, 11L));
    }
}
