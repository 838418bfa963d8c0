package io.g2cache.bench;

/** A way for news to get from a writer to a reader. Used by one thread. */
interface Propagation extends AutoCloseable {
    /** Nanoseconds from before one item is sent until the reader has it. */
    long nanos() throws Exception;

    /** Releases writer and reader. */
    @Override
    void close();
}
