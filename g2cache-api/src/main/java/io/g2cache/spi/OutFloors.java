package io.g2cache.spi;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Versions by name that only rise: below them, what the out tier holds is dead. They are neither evicted nor expired.
 *
 * <p>Thread-safe; futures as those of {@link OutCache}.
 */
public interface OutFloors {
    /** All floors that were raised. The names are the engine's; whoever reads one that it does not know leaves it alone. */
    CompletableFuture<Map<String, Long>> floors();

    /** Raises a floor; a smaller version changes nothing. May be repeated. */
    CompletableFuture<Void> raiseFloor(String name, long version);
}
