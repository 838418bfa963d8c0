package io.g2cache;

/**
 * What a node's queue for writes holds and has done. Immutable.
 *
 * @param waiting keys and clears that wait for the log now
 * @param bytes size of its files
 * @param accepted writes that were queued since the start of the node
 * @param sent queued keys and clears that the log has taken since
 * @param refused writes that the queue had no room for, or could not bring to its disk
 * @param isLogAway whether writes go to the queue at once, for at least one partition, without trying the log first
 */
public record WriteQueueStatus(long waiting, long bytes, long accepted, long sent, long refused, boolean isLogAway) {
    /** That of a node without a queue. */
    public static final WriteQueueStatus NONE = new WriteQueueStatus(0, 0, 0, 0, 0, false);
}
