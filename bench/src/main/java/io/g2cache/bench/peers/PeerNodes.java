package io.g2cache.bench.peers;

import org.jspecify.annotations.Nullable;

/**
 * Two nodes of one peer with one cache, in this JVM: one writes, the other reads. All connections of the reader to the shared
 * parts go through a proxy. Reads may come from another thread than all else.
 */
interface PeerNodes extends AutoCloseable {
    /** Writes on the writing node; returns when the peer calls the write done. */
    void put(String key, byte[] value) throws Exception;

    /** What the reading node returns; null where it has nothing. */
    byte @Nullable [] get(String key) throws Exception;

    /** Resets the reader's connections, and new ones at once, until {@link #heal()}. */
    void cut();

    /** Lets connections pass again. */
    void heal();

    /** Ends both nodes and the shared parts. */
    @Override
    void close();
}
