package io.g2cache.bench;

/**
 * Two ways to do the same work. Each method has a loop of its own, so that the compiler sees one call in it and not both.
 * Used by one thread.
 */
interface Contest extends AutoCloseable {
    /**
     * Does the work our way.
     *
     * @return something that depends on every step, so that none is optimised away
     */
    long ours(long steps) throws Exception;

    /**
     * Does the work the peer's way.
     *
     * @return something that depends on every step, so that none is optimised away
     */
    long peers(long steps) throws Exception;

    /** Releases whatever was measured. */
    @Override
    void close();
}
