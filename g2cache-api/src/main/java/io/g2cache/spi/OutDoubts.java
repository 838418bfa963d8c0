package io.g2cache.spi;

/**
 * Hears from an out tier that it may have lost writes, or hold values again that had been removed or replaced: a member was
 * lost, two halves of a cluster have become one, a connection was made anew. Thread-safe; does not block.
 */
@FunctionalInterface
public interface OutDoubts {
    /** Everything is in doubt, however old. */
    long EVERYTHING = Long.MIN_VALUE;

    /**
     * What was written from the given moment on is in doubt. May be told too often, but never too late: it comes before the
     * tier answers from the changed state, as far as the tier can see to that.
     *
     * @param sinceMillis wall-clock milliseconds, generously early; {@link #EVERYTHING} for everything
     * @param reason what has happened, with names and numbers
     */
    void doubt(long sinceMillis, String reason);
}
