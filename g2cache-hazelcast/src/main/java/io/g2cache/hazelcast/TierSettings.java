package io.g2cache.hazelcast;

import java.util.Map;

/**
 * What the builders hand to a tier. Immutable.
 *
 * @param options deadlines and sizes of the caches that have none of their own
 * @param byCache those of caches that have
 * @param breaker when the tier is taken to be away
 */
record TierSettings(OutOptions options, Map<String, OutOptions> byCache, BreakerOptions breaker) {
    TierSettings {
        byCache = Map.copyOf(byCache);
    }

    /** The options of a cache. */
    OutOptions of(String cache) {
        return byCache.getOrDefault(cache, options);
    }
}
