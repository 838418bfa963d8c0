package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few of the puts that the tailer has applied: the first ones since the auditor took the last. Large values are passed over,
 * as the notes keep whole values until they are taken.
 *
 * <p>Concurrency: one thread adds, one takes, and neither waits. Room is made only after the queue was emptied, so that it
 * never holds more than twice as many as there was room for.
 */
final class PutNotes {
    /** Of a value as it is stored. */
    static final int LARGEST = 1 << 16;

    private final AtomicInteger room;
    private final Queue<Note> notes = new ConcurrentLinkedQueue<>();

    /** What a put has brought, in plaintext. */
    record Note(EncodedKey key, Entry entry) {}

    /** Without room for any, nothing is noted before some is made. */
    PutNotes(int room) {
        this.room = new AtomicInteger(room);
    }

    /** Notes what an event has brought, if that is a value or an absence, not too large, and there is room. */
    void add(EncodedKey key, Entry entry) {
        byte[] value = entry.value();
        if (!entry.isTombstone() && (value == null || value.length <= LARGEST) && room.get() > 0) {
            room.decrementAndGet();
            notes.add(new Note(key, entry));
        }
    }

    /** Takes what was noted, and makes room for so many more. */
    List<Note> take(int more) {
        List<Note> taken = new ArrayList<>();
        for (Note note = notes.poll(); note != null; note = notes.poll()) {
            taken.add(note);
        }
        room.set(more);
        return taken;
    }
}
