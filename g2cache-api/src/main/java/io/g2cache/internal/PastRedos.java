package io.g2cache.internal;

import io.g2cache.spi.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The redos that this node has read, and when the out tier was known to have what they asked for. A tier that loses its last
 * writes may lose what a redo has just mended there; so a later redo reaches back to where such a one began.
 *
 * <p>Bounded: the oldest ones become one, that reaches as far and counts for as long. Not thread-safe.
 */
final class PastRedos {
    static final int MOST = 64;

    private static final long OPEN = Long.MAX_VALUE;

    private final Map<Integer, Deque<Past>> byPartition = new HashMap<>();

    /**
     * One redo.
     *
     * @param doneMillis wall-clock time when it was known to be done; {@link #OPEN} before that
     */
    private record Past(long offset, long from, long doneMillis) {
        Past and(Past other) {
            return new Past(
                    Math.max(offset, other.offset), Math.min(from, other.from), Math.max(doneMillis, other.doneMillis));
        }
    }

    void seen(int partition, long offset, long from) {
        Deque<Past> past = byPartition.computeIfAbsent(partition, p -> new ArrayDeque<>());
        past.addLast(new Past(offset, from, OPEN));
        if (past.size() > MOST) {
            past.addFirst(past.removeFirst().and(past.removeFirst()));
        }
    }

    /** The materialisers have passed this position. */
    void committed(LogPosition position, long nowMillis) {
        byPartition.forEach((partition, past) -> {
            if (past.stream().anyMatch(one -> isJustDone(one, position.offset(partition)))) {
                List<Past> known = new ArrayList<>(past);
                known.replaceAll(one ->
                        isJustDone(one, position.offset(partition)) ? new Past(one.offset, one.from, nowMillis) : one);
                past.clear();
                past.addAll(known);
            }
        });
    }

    private static boolean isJustDone(Past past, long committed) {
        return past.doneMillis == OPEN && past.offset < committed;
    }

    /**
     * Where a redo must begin that replaces what was written to the tier since a moment, among it the events from {@code from}
     * on.
     */
    long from(int partition, long from, long sinceMillis) {
        long lowest = from;
        boolean isLowered = true;
        while (isLowered) {
            isLowered = false;
            for (Past past : byPartition.getOrDefault(partition, new ArrayDeque<>())) {
                if (past.from < lowest && (past.offset >= lowest || past.doneMillis >= sinceMillis)) {
                    lowest = past.from;
                    isLowered = true;
                }
            }
        }
        return lowest;
    }
}
