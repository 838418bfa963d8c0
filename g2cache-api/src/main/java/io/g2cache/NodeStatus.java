package io.g2cache;

/**
 * A node's state and how far it is behind the log.
 *
 * @param state the state
 * @param lagEvents offsets between this node's position and the log's end as last asked; 0 without a log
 * @param lagMillis milliseconds since this node was last known to have read the log to its end; 0 without a log
 * @param eventsApplied events applied since the start
 */
public record NodeStatus(NodeState state, long lagEvents, long lagMillis, long eventsApplied) {}
