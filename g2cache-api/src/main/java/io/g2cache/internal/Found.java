package io.g2cache.internal;

import io.g2cache.spi.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What a read ended with.
 *
 * @param value the value; null if there is none
 * @param entry the entry behind it, for callers that want a value of their own; null where nothing was stored
 */
record Found<V>(@Nullable V value, @Nullable Entry entry) {
    private static final Found<?> NOTHING = new Found<>(null, null);

    @SuppressWarnings("unchecked")
    static <V> Found<V> nothing() {
        return (Found<V>) NOTHING;
    }
}
