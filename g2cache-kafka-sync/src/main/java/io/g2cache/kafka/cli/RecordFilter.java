package io.g2cache.kafka.cli;

import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which records are wanted; what is null or empty does not matter. Immutable as long as nobody writes to the key.
 *
 * @param cache name of the cache
 * @param key encoded key
 * @param kinds names of kinds
 * @param origin how the writer's id begins
 */
record RecordFilter(
        @Nullable String cache,
        byte @Nullable [] key,
        Set<String> kinds,
        @Nullable String origin) {
    boolean wants(EventFields fields) {
        return (cache == null || cache.equals(fields.cache()))
                && (key == null || Arrays.equals(key, fields.key()))
                && (kinds.isEmpty() || kinds.contains(fields.kind()))
                && (origin == null || fields.origin().startsWith(origin));
    }
}
