package io.g2cache.internal;

/** Lets calls in, until it is closed, and knows which are under way. Thread-safe. */
interface CallGate {
    /** Throws if it is closed, saying what is. */
    void requireOpen();

    /** A call begins, which must {@link #exit}; throws if it is closed. */
    void enter();

    /** A call has ended. */
    void exit();
}
