package io.g2cache.hazelcast;

/**
 * What the circuit breaker of a shared tier does; a snapshot.
 *
 * @param isAway whether the tier is taken to be away, so that it is only probed
 * @param opened how often it was found to be away, while it had been there before
 * @param refused calls that were not made because of that
 */
public record BreakerStatus(boolean isAway, long opened, long refused) {}
