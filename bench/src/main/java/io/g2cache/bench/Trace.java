package io.g2cache.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys that somebody asked for, one after another.
 *
 * @param name short and unique
 * @param target the most points of hit rate that ours should be below Caffeine's
 * @param keys numbered from 0 in the order of their first appearance; nobody writes to it
 * @param distinct how many different keys there are
 */
record Trace(String name, double target, int[] keys, int distinct) {
    /** The first accesses of a trace, at most {@code limit}, with any numbers as keys. */
    static Trace of(String name, double target, long[] accesses, int limit) {
        int length = Math.min(accesses.length, limit);
        int[] keys = new int[length];
        Map<Long, Integer> numbers = new HashMap<>();
        for (int i = 0; i < length; i++) {
            Integer number = numbers.putIfAbsent(accesses[i], numbers.size());
            keys[i] = number == null ? numbers.size() - 1 : number;
        }
        return new Trace(name, target, keys, numbers.size());
    }

    /** A share of the distinct keys, at least one. */
    int capacity(double share) {
        return Math.max(1, (int) Math.round(distinct * share));
    }

    /** For each access the place of the next one of its key; the length where there is none. */
    int[] nextAccesses() {
        int[] next = new int[keys.length];
        int[] last = new int[distinct];
        Arrays.fill(last, keys.length);
        for (int i = keys.length - 1; i >= 0; i--) {
            next[i] = last[keys[i]];
            last[keys[i]] = i;
        }
        return next;
    }
}
