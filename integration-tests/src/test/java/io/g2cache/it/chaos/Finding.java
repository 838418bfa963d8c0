package io.g2cache.it.chaos;

/**
 * A promise that was broken. Immutable.
 *
 * @param promise which one
 * @param node the node that broke it
 * @param time when, in nanoseconds of the machine's monotonic clock
 * @param what what was seen, and what should have been
 */
record Finding(Promise promise, int node, long time, String what) {
    /** What is promised; {@link Checker} says how it is checked. */
    enum Promise {
        /** A node never serves what it knows, or knew when it started, to be outdated. */
        NOTHING_KNOWN_TO_BE_OLD,
        /** A read with a token sees that write. */
        TOKENS_ARE_KEPT,
        /** A read is at most so far behind the acknowledged writes. */
        BOUNDED_STALENESS,
        /** At rest, every node has the newest acknowledged write of every key. */
        NODES_CONVERGE,
        /** At rest, the out tier holds nothing older than the newest acknowledged write of every key. */
        OUT_TIER_CONVERGES,
        /** Every read is answered, in its time. */
        READS_ARE_ANSWERED,
        /** The log is the one that it was: no token is refused, no node begins anew. */
        LOG_STAYS,
        /** The nodes' own auditors find nothing. */
        AUDITS_ARE_CLEAN
    }
}
