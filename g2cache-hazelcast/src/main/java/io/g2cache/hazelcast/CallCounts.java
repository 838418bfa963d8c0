package io.g2cache.hazelcast;

/**
 * How calls of the shared tier have failed since it was opened; a snapshot.
 *
 * @param timedOut no answer before the deadline
 * @param rejected too many conditional writes and bulk reads were under way already
 * @param failed Hazelcast answered with an error, or was not connected
 */
public record CallCounts(long timedOut, long rejected, long failed) {}
