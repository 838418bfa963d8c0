package io.g2cache.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.g2cache.spi.Entry.Kind;
import org.junit.jupiter.api.Test;

class EntryTest {
    @Test
    void onlyAValueHasBytes() {
        assertThat(Entry.value(1, 2, 3, new byte[] {4}).requireValue()).containsExactly(4);
        assertThat(Entry.absent(1, 2, 3).value()).isNull();
        assertThat(Entry.tombstone(1).value()).isNull();
        assertThatThrownBy(() -> new Entry(Kind.VALUE, 1, 2, 3, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Entry(Kind.ABSENT, 1, 2, 3, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ABSENT");
        assertThatThrownBy(() -> Entry.tombstone(1).requireValue())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TOMBSTONE");
    }

    @Test
    void anotherVersionKeepsEverythingElse() {
        Entry entry = Entry.value(1, 2, 3, new byte[] {4});
        Entry newer = entry.withVersion(9);
        assertThat(newer.version()).isEqualTo(9);
        assertThat(newer.kind()).isEqualTo(Kind.VALUE);
        assertThat(newer.softDeadline()).isEqualTo(2);
        assertThat(newer.hardDeadline()).isEqualTo(3);
        assertThat(newer.value()).isSameAs(entry.value());
    }

    @Test
    void onlyATombstoneIsOne() {
        assertThat(Entry.tombstone(1).isTombstone()).isTrue();
        assertThat(Entry.absent(1, 2, 3).isTombstone()).isFalse();
        assertThat(Entry.value(1, 2, 3, new byte[0]).isTombstone()).isFalse();
    }

    @Test
    void itsTextTellsTheSizeAndNotTheBytes() {
        assertThat(Entry.value(1, 2, 3, new byte[1_000]).toString())
                .contains("bytes=1000")
                .hasSizeLessThan(120);
        assertThat(Entry.tombstone(1).toString()).contains("bytes=0");
    }
}
