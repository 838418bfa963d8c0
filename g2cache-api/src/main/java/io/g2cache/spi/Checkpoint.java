package io.g2cache.spi;

import java.util.List;

/**
 * What has to be known of a local tier's entries before they may be served again after a restart. Immutable.
 *
 * @param position every event below it has been applied to the tier
 * @param floors by partition, the version below which the tier's entries are dead; {@link Long#MIN_VALUE} where there is none
 * @param tagFloors which entries with tags are dead besides; the same list as in the checkpoint before where nothing has
 *     changed, so that a tier need not write it again
 */
public record Checkpoint(LogPosition position, LogPosition floors, List<TagFloor> tagFloors) {
    /** Checks that all are of the same partitions. */
    public Checkpoint {
        if (position.partitions() != floors.partitions()) {
            throw new IllegalArgumentException("position of partitions=" + position.partitions()
                    + " with floors of partitions=" + floors.partitions());
        }
        tagFloors = List.copyOf(tagFloors);
        for (TagFloor floor : tagFloors) {
            if (floor.partition() < 0 || floor.partition() >= position.partitions()) {
                throw new IllegalArgumentException(floor + " in a log of partitions=" + position.partitions());
            }
        }
    }

    /** A checkpoint without floors of tags. */
    public Checkpoint(LogPosition position, LogPosition floors) {
        this(position, floors, List.of());
    }
}
