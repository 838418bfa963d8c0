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
}
