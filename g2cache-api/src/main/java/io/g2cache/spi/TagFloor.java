package io.g2cache.spi;

/**
 * That older entries of a partition which carry a tag are dead.
 *
 * @param partition partition of the entries
 * @param tag hash of the tag ({@link Tags#hash})
 * @param version entries that carry the tag and have a smaller version are dead
 */
public record TagFloor(int partition, long tag, long version) {}
