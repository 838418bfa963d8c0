package io.g2cache.internal;

import java.util.Map;

/**
 * The names of the floors in the out tier: the number of a partition for all that it holds of the cache, or, in the ledger, of
 * every cache. Other names belong to other kinds of floor.
 */
final class FloorNames {
    private static final int MOST_DIGITS = 9;

    private FloorNames() {}

    /** Takes the floor of a partition. */
    @FunctionalInterface
    interface PartitionFloor {
        /** The version below which everything in the partition is dead. */
        void floor(int partition, long version);
    }

    /** The floor of everything in a partition. */
    static String of(int partition) {
        return Integer.toString(partition);
    }

    /** Hands over the floors of partitions that there are. */
    static void partitions(Map<String, Long> floors, int partitions, PartitionFloor taker) {
        floors.forEach((name, version) -> {
            boolean number = !name.isEmpty()
                    && name.length() <= MOST_DIGITS
                    && name.chars().allMatch(c -> c >= '0' && c <= '9');
            if (number && Integer.parseInt(name) < partitions) {
                taker.floor(Integer.parseInt(name), version);
            }
        });
    }
}
