package io.g2cache.example.demo;

import io.g2cache.example.city.City;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares what every node's cache holds of the changed cities with the database. Immutable.
 */
final class Comparison {
    private static final int SHOWN = 5;
    private static final int LEAST_PERCENT = 90;

    private final Console console;

    Comparison(Console console) {
        this.console = console;
    }

    /**
     * What came of it.
     *
     * @param wanted pairs of node and city that were to be compared
     * @param cached cached values compared: pairs of node and city
     * @param stale those of them that differed from the database
     * @param missing pairs of which no tier had a value at first; they were read, and compared as cached after that
     * @param staleLoaded those of the missing whose read value differed
     */
    record Result(int wanted, int cached, int stale, int missing, int staleLoaded) {
        Result plus(Result other) {
            return new Result(
                    wanted + other.wanted,
                    cached + other.cached,
                    stale + other.stale,
                    missing + other.missing,
                    staleLoaded + other.staleLoaded);
        }

        /** Whether nothing was stale, and nearly all of what was wanted has been compared. */
        boolean isProof() {
            return stale == 0 && staleLoaded == 0 && isEnough();
        }

        /** Whether at least {@value #LEAST_PERCENT} percent of what was wanted was cached and compared. */
        boolean isEnough() {
            return wanted > 0 && 100L * cached >= (long) LEAST_PERCENT * wanted;
        }
    }

    /** Asks each node for what it has, first without, then with the database behind it. */
    Result of(Map<String, ? extends CacheView> nodes, List<City> truth) throws IOException {
        Result all = new Result(0, 0, 0, 0, 0);
        for (Map.Entry<String, ? extends CacheView> node : nodes.entrySet()) {
            Result one = of(node.getKey(), node.getValue(), truth);
            console.line(
                    "%s  %,d cached values compared, %,d stale; %,d of them had to be read first, %,d stale",
                    node.getKey(), one.cached(), one.stale(), one.missing(), one.staleLoaded());
            all = all.plus(one);
        }
        return all;
    }

    private Result of(String name, CacheView node, List<City> truth) throws IOException {
        List<Long> ids = truth.stream().map(City::id).toList();
        Map<Long, City> cached = new TreeMap<>(node.cachedAll(ids, ""));
        List<Long> missing = ids.stream().filter(id -> !cached.containsKey(id)).toList();
        Set<Long> missed = new HashSet<>(missing);
        Map<Long, City> loaded = node.readAll(missing, "");
        cached.putAll(node.cachedAll(missing, ""));
        int stale = 0;
        int staleLoaded = 0;
        for (City city : truth) {
            boolean staleHere = cached.containsKey(city.id()) && !city.equals(cached.get(city.id()));
            boolean staleRead = missed.contains(city.id()) && !city.equals(loaded.get(city.id()));
            stale += staleHere ? 1 : 0;
            staleLoaded += staleRead ? 1 : 0;
            if ((staleHere || staleRead) && stale + staleLoaded <= SHOWN) {
                City seen = staleHere ? cached.get(city.id()) : loaded.get(city.id());
                console.line("%s  stale: %s, the database has %s", name, String.valueOf(seen), city);
            }
        }
        return new Result(truth.size(), cached.size(), stale, missing.size(), staleLoaded);
    }
}
