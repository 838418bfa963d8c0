package io.g2cache.example.demo;

import io.g2cache.example.city.City;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/** A node's cache, as the comparison sees it. */
interface CacheView {
    /** What the tiers hold of the cities, without asking the database. */
    Map<Long, City> cachedAll(Collection<Long> ids, String token) throws IOException;

    /** Reads cities through the cache, loading what is not cached. */
    Map<Long, City> readAll(Collection<Long> ids, String token) throws IOException;
}
