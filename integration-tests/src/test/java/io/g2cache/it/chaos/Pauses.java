package io.g2cache.it.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** When processes did not run although they wanted to: stopped, starved, or collecting garbage. Not thread-safe. */
final class Pauses {
    private final Map<String, NavigableMap<Long, Long>> endsByStart = new HashMap<>();

    Pauses(List<Sample> samples) {
        for (Sample sample : samples) {
            if (sample.pause() > 0) {
                endsByStart
                        .computeIfAbsent(sample.node() + "/" + sample.life(), life -> new TreeMap<>())
                        .put(sample.time() - sample.pause(), sample.time());
            }
        }
    }

    /** How long a process was paused between two moments, in nanoseconds. */
    long within(int node, int life, long from, long to) {
        NavigableMap<Long, Long> own = endsByStart.get(node + "/" + life);
        if (own == null) {
            return 0;
        }
        Long first = own.floorKey(from);
        return own.subMap(first == null ? from : first, true, to, true).entrySet().stream()
                .mapToLong(pause -> Math.max(0, Math.min(to, pause.getValue()) - Math.max(from, pause.getKey())))
                .sum();
    }
}
