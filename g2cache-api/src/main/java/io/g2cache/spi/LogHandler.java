package io.g2cache.spi;

/** Receives what a {@link LogReader} reads, on the thread that polls it. */
public interface LogHandler {
    /** An event. Events of one partition arrive in the order of their offsets. */
    void onEvent(int partition, long offset, Event event);

    /**
     * All events of the partition below {@code next} that the log still holds have been handed over. Offsets may be
     * skipped: the log compacts.
     */
    void onPosition(int partition, long next);

    /**
     * Events of the partition may be missing, all of them below {@code next}: the log no longer holds them, or does not give
     * them. Whoever cannot do without them must not believe what it knows from before. {@link #onPosition} follows.
     *
     * @param reason what has happened, with names and numbers
     */
    void onGap(int partition, long next, String reason);
}
