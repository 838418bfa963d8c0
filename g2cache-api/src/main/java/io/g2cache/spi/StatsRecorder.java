package io.g2cache.spi;

/**
 * A fixed set of meters. Thread-safe; methods are called on hot paths, so they neither block nor allocate. The engine
 * guards a user's recorder: whatever it throws is logged once and breaks nothing.
 */
public interface StatsRecorder {
    /** Where a read found its value. */
    enum Tier {
        /** The node's own tier. */
        LOCAL,
        /** The shared tier. */
        OUT
    }

    /** Things that are only counted. */
    enum Counter {
        /** An obsolete entry was served. */
        STALE_HIT,
        /** A refresh behind a caller's back was started. */
        REFRESH,
        /** A load found no place within the load timeout, as the most that may run at once were under way. */
        LOAD_REFUSED,
        /** A refresh was left to a later reader because the executor was full, or no further load was allowed. */
        REFRESH_REJECTED,
        /** A refresh was started ahead of the soft deadline; counted as a refresh, too. */
        REFRESH_AHEAD,
        /** An expired entry, or a known absence, was served because the loader failed, took too long or was not tried. */
        FAIL_SAFE_HIT,
        /** A reader got an old value because the load took longer than the soft timeout. */
        SOFT_TIMEOUT,
        /** A key was not loaded because a load of it had failed a short time ago. */
        LOAD_THROTTLED,
        /** A load began to wait for another node's load of the key. */
        CLUSTER_WAIT,
        /** Such a wait ended at its limit, and this node loaded itself. */
        CLUSTER_WAIT_OVER,
        /** An asynchronous step ran in its caller because the executor was full. */
        EXECUTOR_FULL,
        /** A load's value was not stored because something newer was known. */
        FILL_REJECTED,
        /** An out-tier value was refused because something newer was known. */
        OUT_STALE,
        /** An out-tier value was refused because the tier may hold resurrected values, or is not proven fresh enough. */
        OUT_UNTRUSTED,
        /** A tombstone was written to the out tier to mend it. */
        HEAL,
        /** A call of the out tier failed or timed out. */
        OUT_FAILURE,
        /** A call of the out tier was not made, as the tier is known to be away. */
        OUT_REFUSED,
        /** The local tier failed or refused an entry; the entry was dropped there. */
        LOCAL_FAILURE,
        /** Bytes could not be decoded and were treated as a miss. */
        DECODE_FAILURE,
        /** A value of the log or the out tier could not be opened with the cache's encryption, and was treated as a miss. */
        OPEN_FAILURE,
        /** A put was acknowledged by the log. */
        PUT,
        /** An invalidation was acknowledged by the log. */
        INVALIDATE,
        /** A clear was acknowledged by the log. */
        CLEAR,
        /** An invalidation of a tag was acknowledged by the log. */
        INVALIDATE_TAG,
        /** An invalidated tag was forgotten early, and everything older in its partition was dropped instead. */
        TAG_FLOOR_OVERFLOW,
        /** A write was queued until the log is back. */
        WRITE_QUEUED,
        /** A write failed or its outcome is unknown. */
        WRITE_FAILURE,
        /** An event of the log was applied to the local tier. */
        EVENT_APPLIED,
        /** Events of the log may have been missed, and everything older in their partition was dropped. */
        GAP,
        /** The log's history has ended, and the tiers began empty in the next one. */
        NEW_GENERATION,
        /** A read passed the local tier by, which may not be served at the moment. */
        LOCAL_WITHHELD,
        /** An event could not be decoded. */
        EVENT_UNREADABLE,
        /** An event was applied to the out tier by the materialiser. */
        EVENT_MATERIALISED,
        /** An event was replayed into what the local tier had kept over a restart. */
        EVENT_REPLAYED,
        /** What the local tier had kept over a restart could not be brought up to date, and was dropped. */
        COLD_START,
        /** The node's own auditor has compared the tiers for a key. */
        AUDIT_CHECKED,
        /** It has found a difference that is still there after everything that was under way has ended: must stay 0. */
        AUDIT_DIFFERENCE
    }

    /** A read was answered by a tier. */
    void hit(Tier tier);

    /** A read found nothing in this tier. */
    void miss(Tier tier);

    /** A load ended with a value or with null. */
    void loadSuccess(long nanos);

    /** A load threw. */
    void loadFailure(long nanos);

    /** Something was counted. */
    void count(Counter counter);
}
