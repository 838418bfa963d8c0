package io.g2cache.testkit;

import static io.g2cache.testkit.OutTier.absent;
import static io.g2cache.testkit.OutTier.key;
import static io.g2cache.testkit.OutTier.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.OutSlot;
import java.util.List;
import java.util.Map;

/**
 * What every {@link io.g2cache.spi.OutCache} does with the writes of events' own writers. Used by one thread.
 *
 * @param here a node's way to the tier
 * @param there another's
 */
record EarlyWrites(OutTier here, OutTier there) {
    private void assertSource(EncodedKey key, OutSlot.Source source) {
        for (OutTier tier : List.of(here, there)) {
            assertThat(tier.read(key).source()).isEqualTo(source);
        }
        Map<EncodedKey, OutSlot> slots = Race.await(there.cache().readAll(List.of(key)));
        assertThat(slots)
                .hasEntrySatisfying(key, slot -> assertThat(slot.source()).isEqualTo(source));
    }

    void overNothingOfAnEvent() {
        here.lease(key("lease"));
        assertThat(here.fill(key("load"), here.lease(key("load")), value(4, "load")))
                .isTrue();
        here.applyEarly(key("early"), value(4, "early"));
        assertSource(key("load"), OutSlot.Source.LOAD);
        for (String key : List.of("nothing", "lease", "load", "early")) {
            assertThat(there.applyEarly(key(key), value(5, "five"))).isTrue();
            assertThat(Text.of(here.read(key(key)).entry())).isEqualTo(Text.of(value(5, "five")));
            assertSource(key(key), OutSlot.Source.EARLY);
        }
        assertThat(there.applyEarly(key("absent"), absent(5))).isTrue();
        assertSource(key("absent"), OutSlot.Source.EARLY);
        assertThat(there.applyEarly(key("tombstone"), Entry.tombstone(5))).isTrue();
        assertThat(there.applyEarly(key("tombstone"), value(5, "five"))).isTrue();
        assertSource(key("tombstone"), OutSlot.Source.EARLY);
    }

    void overAnEventsEntry() {
        here.apply(key("value"), value(4, "four"));
        here.apply(key("tombstone"), value(3, "three"));
        here.apply(key("tombstone"), Entry.tombstone(4));
        here.apply(key("own"), value(3, "three"));
        here.apply(key("own"), Entry.tombstone(5));
        for (String key : List.of("value", "tombstone", "own")) {
            assertThat(there.applyEarly(key(key), value(5, "five"))).isTrue();
            assertThat(Text.of(here.read(key(key)).entry())).isEqualTo(Text.of(value(5, "five")));
            assertSource(key(key), OutSlot.Source.EVENT);
        }
        assertThat(there.applyEarly(key("value"), Entry.tombstone(6))).isTrue();
        assertSource(key("value"), OutSlot.Source.EVENT);
    }

    /** One that was carried out late, or twice, may lie where a newer one was evicted. */
    void overATombstoneThatReplacedNothing() {
        here.apply(key("a"), Entry.tombstone(4));
        assertSource(key("a"), OutSlot.Source.EARLY);
        assertThat(there.applyEarly(key("a"), value(5, "five"))).isTrue();
        assertSource(key("a"), OutSlot.Source.EARLY);
        assertThat(there.apply(key("a"), Entry.tombstone(6))).isTrue();
        assertSource(key("a"), OutSlot.Source.EVENT);
    }

    void moveForwardOnly() {
        here.applyEarly(key("a"), value(5, "five"));
        assertThat(there.applyEarly(key("a"), value(5, "again"))).isFalse();
        assertThat(there.apply(key("a"), value(5, "again"))).isFalse();
        assertThat(there.applyEarly(key("a"), value(4, "four"))).isFalse();
        assertThat(Text.of(here.read(key("a")).entry())).isEqualTo(Text.of(value(5, "five")));
        assertSource(key("a"), OutSlot.Source.EARLY);
        assertThat(there.apply(key("a"), value(6, "six"))).isTrue();
        assertThat(here.applyEarly(key("a"), value(5, "late"))).isFalse();
        assertThat(Text.of(here.read(key("a")).entry())).isEqualTo(Text.of(value(6, "six")));
        assertSource(key("a"), OutSlot.Source.EVENT);
    }

    void areConfirmedOnlyAsTheyWereSeen() {
        here.applyEarly(key("a"), value(5, "five"));
        OutSlot early = there.read(key("a"));
        assertThat(there.confirm(key("a"), early)).isTrue();
        assertThat(Text.of(here.read(key("a")).entry())).isEqualTo(Text.of(value(5, "five")));
        assertSource(key("a"), OutSlot.Source.EVENT);
        assertThat(there.confirm(key("a"), early)).isFalse();

        here.applyEarly(key("b"), absent(5));
        OutSlot replaced = there.read(key("b"));
        here.apply(key("b"), Entry.tombstone(6));
        assertThat(there.confirm(key("b"), replaced)).isFalse();
        assertThat(Text.of(here.read(key("b")).entry())).isEqualTo(Text.of(Entry.tombstone(6)));

        here.applyEarly(key("c"), value(5, "five"));
        OutSlot seen = here.read(key("c"));
        assertThat(there.confirm(key("c"), there.read(key("c")))).isTrue();
        assertThat(here.fill(key("c"), seen, value(5, "load")))
                .as("a load that saw it unconfirmed")
                .isFalse();
    }
}
