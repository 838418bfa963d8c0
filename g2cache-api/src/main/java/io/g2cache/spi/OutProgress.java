package io.g2cache.spi;

/**
 * What the materialiser of a partition has published of its work. Immutable.
 *
 * @param committed the next offset: every event below it has been applied to this out tier, and committed
 * @param freshAsOfMillis wall-clock milliseconds of the publishing node; every event that the log held then has been applied.
 *     {@link Long#MIN_VALUE} where that was never so
 * @param redoing the next offset of a range that is being applied once more; -1 if there is none
 */
public record OutProgress(long committed, long freshAsOfMillis, long redoing) {}
