package io.g2cache.chronicle;

/**
 * What one call needs and the next one can use again. A codec or admission that calls another cache finds the thread's
 * scratch taken and gets a new one. One for each thread, never shared.
 */
final class Scratch implements AutoCloseable {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    final KeyData key = new KeyData();
    final KeyData victim = new KeyData();
    final EntryData entry = new EntryData();
    final EntryView view = new EntryView();
    private boolean taken;

    static Scratch take() {
        Scratch scratch = OF_THREAD.get();
        if (scratch.taken) {
            scratch = new Scratch();
        }
        scratch.taken = true;
        return scratch;
    }

    @Override
    public void close() {
        view.close();
        entry.clear();
        taken = false;
    }
}
