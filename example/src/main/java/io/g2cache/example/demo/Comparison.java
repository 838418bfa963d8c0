package io.g2cache.example.demo;

import io.g2cache.example.city.City;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Compares what every node's cache holds of the changed cities with the database. Immutable.
 */
final class Comparison {
    private static final int SHOWN = 5;

    private final Console console;

    Comparison(Console console) {
        this.console = console;
    }

    /**
     * What came of it.
     *
     * @param cached cached values compared: pairs of node and city
     * @param stale those of them that differed from the database
     * @param missing pairs of which no tier had a value; they were read with the loader then
     * @param staleLoaded those of the missing that differed even so
     */
    record Result(int cached, int stale, int missing, int staleLoaded) {
        Result plus(Result other) {
            return new Result(
                    cached + other.cached,
                    stale + other.stale,
                    missing + other.missing,
                    staleLoaded + other.staleLoaded);
        }
    }

    /** Asks each node for what it has, first without, then with the database behind it. */
    Result of(Map<String, ? extends CacheView> nodes, List<City> truth) throws IOException {
        Result all = new Result(0, 0, 0, 0);
        for (Map.Entry<String, ? extends CacheView> node : nodes.entrySet()) {
            Result one = of(node.getKey(), node.getValue(), truth);
            console.line(
                    "%s  %,d cached values compared, %,d stale; %,d not cached, read anew, %,d stale",
                    node.getKey(), one.cached(), one.stale(), one.missing(), one.staleLoaded());
            all = all.plus(one);
        }
        return all;
    }

    private Result of(String name, CacheView node, List<City> truth) throws IOException {
        Map<Long, City> cached = node.cachedAll(truth.stream().map(City::id).toList(), "");
        List<City> missing =
                truth.stream().filter(city -> !cached.containsKey(city.id())).toList();
        Map<Long, City> loaded = node.readAll(missing.stream().map(City::id).toList(), "");
        int stale = 0;
        int staleLoaded = 0;
        for (City city : truth) {
            City seen = cached.getOrDefault(city.id(), loaded.get(city.id()));
            if (city.equals(seen)) {
                continue;
            }
            if (stale + staleLoaded < SHOWN) {
                console.line("%s  stale: %s, the database has %s", name, String.valueOf(seen), city);
            }
            if (cached.containsKey(city.id())) {
                stale++;
            } else {
                staleLoaded++;
            }
        }
        return new Result(cached.size(), stale, missing.size(), staleLoaded);
    }
}
