package io.g2cache.spi;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the materialisers of a deployment tell all nodes, kept beside the entries of the out tier and shared by all of its
 * caches: their progress, and the floors that hold for every cache, also those that nobody has opened. It must get lost, or
 * fall back, whenever entries do, as far as the tier can see to that: when two halves of a tier become one, the surviving half
 * keeps its own ledger and takes nothing over. It is neither evicted nor expired.
 *
 * <p>Thread-safe. No method blocks or throws; futures as those of {@link OutCache}.
 */
public interface OutLedger extends OutFloors, AutoCloseable {
    /** The progress that was published, by partition. */
    CompletableFuture<Map<Integer, OutProgress>> progress();

    /**
     * Publishes a partition's progress, if what is held is still what the publisher knows. May be repeated.
     *
     * @param known what is held, as far as the caller knows; null for nothing
     * @return whether {@code next} is held now; where it is not, somebody else has published, or the tier has lost something
     */
    CompletableFuture<Boolean> publish(int partition, @Nullable OutProgress known, OutProgress next);

    /** Releases what this object holds; the shared data stays. Idempotent. */
    @Override
    void close();
}
