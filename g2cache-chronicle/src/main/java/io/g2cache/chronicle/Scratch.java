package io.g2cache.chronicle;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one call needs and the next one of the thread can use again, from its entrance through a {@link Gate} until
 * {@link #close}. A codec or admission that calls another cache finds the thread's scratch taken and gets a new one. Never
 * shared between threads.
 */
final class Scratch implements AutoCloseable {
    private static final AtomicInteger STRIPES = new AtomicInteger();
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    final KeyData key = new KeyData();
    final KeyData victim = new KeyData();
    final EntryData entry = new EntryData();
    final EntryView view = new EntryView();
    private final int stripe = STRIPES.getAndIncrement();
    private @Nullable Gate entered;

    /** A scratch of this thread, inside the gate; null if the gate is closed. */
    static @Nullable Scratch enter(Gate gate) {
        Scratch scratch = OF_THREAD.get();
        if (scratch.entered != null) {
            scratch = new Scratch();
        }
        if (!gate.enter(scratch.stripe)) {
            return null;
        }
        scratch.entered = gate;
        return scratch;
    }

    @Override
    public void close() {
        view.close();
        entry.clear();
        Gate gate = entered;
        if (gate != null) {
            entered = null;
            gate.leave(stripe);
        }
    }
}
