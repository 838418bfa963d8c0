package io.g2cache;

/** The states of a node. */
public enum NodeState {
    /** Connections are being opened. */
    STARTING,
    /** The log is replayed up to its end as of the start; values of the out tier are not used yet. */
    CATCHING_UP,
    /** Everything is served. */
    READY,
    /** Freshness is not proven at the moment. Not used yet: no node of this version enters it. */
    STALE,
    /** Closed or closing; calls fail with {@link NodeClosedException}. */
    CLOSED
}
