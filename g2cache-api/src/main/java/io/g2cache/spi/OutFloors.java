package io.g2cache.spi;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Versions by number that only rise: below them, what the out tier holds is dead. A floor's number is that of a partition, or of
 * a group of tags in a partition ({@link Tags#floorNumber}). Floors are neither evicted nor expired.
 *
 * <p>Thread-safe; futures as those of {@link OutCache}.
 */
public interface OutFloors {
    /** All floors that were raised; those of numbers that a reader does not know do not concern it. */
    CompletableFuture<Map<Integer, Long>> floors();

    /** Raises a floor; a smaller version changes nothing. May be repeated. */
    CompletableFuture<Void> raiseFloor(int number, long version);
}
