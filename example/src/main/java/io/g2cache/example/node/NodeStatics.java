package io.g2cache.example.node;

import io.g2cache.CacheStats;
import java.util.List;
import java.util.Map;

/**
 * Everything a node tells of itself; the JSON of {@code GET /statics}. Immutable. Figures of the last second come first,
 * then totals.
 *
 * @param node name of the node
 * @param id id of its G2Node
 * @param state state of its G2Node
 * @param lagEvents offsets behind the log's end
 * @param lagMillis milliseconds since it was last known to be at the log's end
 * @param getsPerSecond reads of all its caches
 * @param localHitRate part of the reads that the local tier answered
 * @param outHitRate part of the reads that the out tier answered
 * @param sourceRate part of the reads that went to the database
 * @param p50Micros median time of a read
 * @param p99Micros 99th percentile of the time of a read
 * @param eventsApplied events applied since the start
 * @param updates updates by the load generator
 * @param failures steps of the load generator that failed
 * @param republished changes that were told to the cache late
 * @param auditChecked keys that the node's own auditor has looked at
 * @param auditDifferences what it has found wrong; must stay 0
 * @param uptimeMillis milliseconds since the process was started
 * @param startMillis how long building the G2Node took
 * @param catchUp how far it is, or was at last, on its way to the log's end
 * @param written token of all writes of this node; empty if there were none
 * @param caches counters of each cache
 * @param peers all nodes, this one too: name and URL
 */
public record NodeStatics(
        String node,
        String id,
        String state,
        long lagEvents,
        long lagMillis,
        double getsPerSecond,
        double localHitRate,
        double outHitRate,
        double sourceRate,
        double p50Micros,
        double p99Micros,
        long eventsApplied,
        long updates,
        long failures,
        long republished,
        long auditChecked,
        long auditDifferences,
        long uptimeMillis,
        long startMillis,
        Progress catchUp,
        String written,
        List<CacheStats> caches,
        Map<String, String> peers) {

    /**
     * How far a node is.
     *
     * @param eventsDone events passed since the start
     * @param eventsToDo events left
     * @param elapsedMillis time since the start
     * @param leftMillis how long the rest takes at this rate; 0 where that is not known
     */
    public record Progress(long eventsDone, long eventsToDo, long elapsedMillis, long leftMillis) {}
}
