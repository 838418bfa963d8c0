package io.g2cache.internal;

import io.g2cache.spi.EncodedKey;
import io.g2cache.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few of the puts that the tailer has applied: the first ones since the auditor took the last.
 *
 * <p>Concurrency: one thread adds, one takes, and neither waits. Room is made only after the queue was emptied, so that it
 * never holds more than twice as many as are taken at once.
 */
final class PutNotes {
    private final int most;
    private final AtomicInteger room;
    private final Queue<Note> notes = new ConcurrentLinkedQueue<>();

    /** What a put has brought, in plaintext. */
    record Note(EncodedKey key, Entry entry) {}

    /** Without room for any, nothing is ever noted. */
    PutNotes(int most) {
        this.most = most;
        this.room = new AtomicInteger(most);
    }

    boolean hasRoom() {
        return room.get() > 0;
    }

    void add(Note note) {
        room.decrementAndGet();
        notes.add(note);
    }

    List<Note> take() {
        List<Note> taken = new ArrayList<>();
        for (Note note = notes.poll(); note != null; note = notes.poll()) {
            taken.add(note);
        }
        room.set(most);
        return taken;
    }
}
