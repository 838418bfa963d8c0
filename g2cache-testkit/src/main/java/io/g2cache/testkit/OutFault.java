package io.g2cache.testkit;

/** What a {@link FaultyOut} does to the out tier of a node. */
public enum OutFault {
    /** A call does nothing and fails. */
    FAILED,
    /** A call takes effect and then fails as if it had timed out. */
    TIMEOUT_APPLIED,
    /** A call fails as if it had timed out, and takes effect at {@link FaultyOut#releaseLate()}. */
    TIMEOUT_LATE,
    /** What is held for the key is evicted before the call. */
    EVICT,
    /** A lease that is held for the key is lost before the call. */
    LEASE_LOST
}
