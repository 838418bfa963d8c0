package io.g2cache.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import io.g2cache.spi.KeySpace;
import org.junit.jupiter.api.Test;

/** How much of what the tailer applies is noted. */
class PutNotesTest {
    private static final EncodedKey KEY = new KeySpace("cities", 1).key(new byte[] {1});

    private final PutNotes notes = new PutNotes(1);

    private void put(long version, int bytes) {
        notes.add(KEY, Entry.value(version, 1, 2, new byte[bytes]));
    }

    @Test
    void noMoreIsNotedThanThereIsRoomFor() {
        put(1, 10);
        put(2, 10);
        assertThat(notes.take(2)).extracting(note -> note.entry().version()).containsExactly(1L);
        for (int version = 3; version < 9; version++) {
            put(version, 10);
        }
        assertThat(notes.take(0)).extracting(note -> note.entry().version()).containsExactly(3L, 4L);
        put(9, 10);
        assertThat(notes.take(1)).isEmpty();
    }

    @Test
    void largeValuesAndWhatCarriesNoneTakeNoRoom() {
        put(1, PutNotes.LARGEST + 1);
        notes.add(KEY, Entry.tombstone(2));
        put(3, PutNotes.LARGEST);
        assertThat(notes.take(1)).extracting(note -> note.entry().version()).containsExactly(3L);
    }
}
