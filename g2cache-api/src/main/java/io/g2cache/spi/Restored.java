package io.g2cache.spi;

/**
 * What a local tier has kept from before a restart: entries that are right as of the checkpoint. Whoever opened the tier
 * raises the floors and applies every event from the position on before it serves them. Immutable.
 *
 * @param checkpoint the newest checkpoint that the entries account for
 * @param newest by partition, the greatest version among the entries; {@link Long#MIN_VALUE} where there are none
 * @param entries how many there are
 */
public record Restored(Checkpoint checkpoint, LogPosition newest, long entries) {}
