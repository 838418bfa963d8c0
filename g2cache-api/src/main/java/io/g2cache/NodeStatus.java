package io.g2cache;

/**
 * A node's state and how far it is behind the log.
 *
 * @param state the state
 * @param lagEvents offsets between this node's position and the log's end as last asked; 0 without a log
 * @param lagMillis milliseconds since the moment as of which this node is known to have applied the whole log; 0 without a
 *     log, since the start where it was not reached yet
 * @param eventsApplied events applied since the start
 * @param catchUp what is left of the way to the log's end, in {@link NodeState#CATCHING_UP}
 * @param outTierAway whether the out tier has failed so often that it is only probed; false where there is none
 */
public record NodeStatus(
        NodeState state, long lagEvents, long lagMillis, long eventsApplied, CatchUp catchUp, boolean outTierAway) {}
