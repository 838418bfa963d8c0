package io.g2cache.spi;

import org.jspecify.annotations.Nullable;

/**
 * A decoded entry of a local tier.
 *
 * @param version offset of the event, or the stamp of the load, that produced it
 * @param softDeadline wall-clock milliseconds from which it is obsolete
 * @param hardDeadline wall-clock milliseconds from which it is expired
 * @param value the value; null means that the source is known to have none
 * @param <V> the type of the values
 */
public record LocalEntry<V>(
        long version,
        long softDeadline,
        long hardDeadline,
        @Nullable V value) {}
