package io.g2cache.bench.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of the forks: those who do the same thing take turns, one fork each, until all have had theirs, so that a change
 * of the machine meets all of them. Immutable.
 *
 * @param effort how much time every fork gets
 * @param turns all forks in their order
 */
record Plan(Effort effort, List<Turn> turns) {
    Plan {
        turns = List.copyOf(turns);
    }

    /** Interleaves rows; things keep their order, and so do the rows of a thing. */
    static Plan of(List<Row> rows, Effort effort) {
        Map<String, List<Row>> byThing = new LinkedHashMap<>();
        for (Row row : rows) {
            byThing.computeIfAbsent(row.group() + "/" + row.thing(), thing -> new ArrayList<>())
                    .add(row);
        }
        List<Turn> turns = new ArrayList<>();
        for (List<Row> contest : byThing.values()) {
            for (int number = 1; number <= effort.forks(); number++) {
                for (Row row : contest) {
                    turns.add(new Turn(row, number));
                }
            }
        }
        return new Plan(effort, turns);
    }

    /** About how long all of it takes. */
    double seconds() {
        return secondsFrom(0);
    }

    /** About how long it takes from the turn of this index on. */
    double secondsFrom(int index) {
        return turns.subList(index, turns.size()).stream()
                .mapToDouble(turn -> effort.turnSeconds(turn.row()))
                .sum();
    }
}
