package io.g2cache;

/** The states of a node. */
public enum NodeState {
    /** Connections are being opened. */
    STARTING,
    /**
     * The log is replayed up to its end as of the start, by the node or by a cache that has kept its entries; values of the
     * out tier, or the entries kept, are not used yet.
     */
    CATCHING_UP,
    /** Everything is served. */
    READY,
    /**
     * It was not proven in time that this node has applied the whole log: what the local tier of a cache holds is kept but not
     * served, until the proof succeeds again. So too where the log has not been reached since the start; the out tier is not
     * read then either.
     */
    STALE,
    /** Closed or closing; calls fail with {@link NodeClosedException}. */
    CLOSED
}
