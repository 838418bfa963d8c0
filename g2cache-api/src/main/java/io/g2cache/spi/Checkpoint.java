package io.g2cache.spi;

/**
 * What has to be known of a local tier's entries before they may be served again after a restart. Immutable.
 *
 * @param position every event below it has been applied to the tier
 * @param floors by partition, the version below which the tier's entries are dead; {@link Long#MIN_VALUE} where there is none
 */
public record Checkpoint(LogPosition position, LogPosition floors) {
    /** Checks that both have the same partitions. */
    public Checkpoint {
        if (position.partitions() != floors.partitions()) {
            throw new IllegalArgumentException("position of partitions=" + position.partitions()
                    + " with floors of partitions=" + floors.partitions());
        }
    }
}
