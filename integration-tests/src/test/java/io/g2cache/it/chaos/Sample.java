package io.g2cache.it.chaos;

import io.g2cache.it.RecordLine;
import java.util.List;

/**
 * How a node was at one moment, as its process has recorded it ten times a second. Immutable.
 *
 * @param node number of the node
 * @param life which run of its process
 * @param time when, in nanoseconds of the machine's monotonic clock
 * @param state the node's state, {@code STARTING} before it was built
 * @param pause for how long the process had not run before, beyond the usual interval, in nanoseconds
 * @param oldestOpen for how long the longest call under way has lasted, in nanoseconds
 * @param queued writes that wait in the node's queue
 * @param auditDifference what the node's auditor has counted
 * @param newGenerations how often the node has begun anew because the log was not the one it was
 * @param gaps gaps of the log, and local tiers that started cold
 * @param localHits reads that this life's local tier has answered
 * @param outHits reads that the out tier has answered
 * @param loads reads of the database
 */
record Sample(
        int node,
        int life,
        long time,
        String state,
        long pause,
        long oldestOpen,
        long queued,
        long auditDifference,
        long newGenerations,
        long gaps,
        long localHits,
        long outHits,
        long loads) {
    static final String TAG = "at";
    static final String READY = "READY";

    boolean isReady() {
        return state.equals(READY);
    }

    /** One line of a history. */
    String line() {
        return TAG + "\t" + RecordLine.of("\t", this);
    }

    /** Reads the fields of a line. */
    static Sample parse(List<String> fields) {
        return RecordLine.parse(Sample.class, fields.subList(1, fields.size()));
    }
}
