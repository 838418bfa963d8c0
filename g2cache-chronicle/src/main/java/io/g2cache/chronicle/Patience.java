package io.g2cache.chronicle;

/** Looks at the clock now and then, while something long is read. Thread-safe. */
@FunctionalInterface
interface Patience {
    /**
     * Goes on.
     *
     * @throws UnusableStoreException if the time is over
     */
    void require() throws UnusableStoreException;
}
