package io.g2cache.bench.suite;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All rows. Stateless. */
final class Rows {
    private static final Set<String> SMOKE = Set.of(
            "hit off the heap: g2cache off-heap",
            "hit off the heap: Chronicle Map",
            "hit on the heap: g2cache on-heap",
            "hit on the heap: Caffeine",
            "miss to the out tier: g2cache all modules",
            "miss to the out tier: IMap alone",
            "put, telling the change: g2cache all modules",
            "put, telling the change: log append, then out tier",
            "invalidate: g2cache all modules");

    private Rows() {}

    static List<Row> all() {
        return Stream.of(LocalRows.all(), TierRows.all(), LogRows.all(), PeerRows.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The rows that matter most, so few that they end within two minutes with {@link Effort#SMOKE}. */
    static List<Row> smoke() {
        return all().stream().filter(row -> SMOKE.contains(row.name())).toList();
    }

    /** The rows of some groups whose name holds a text, whatever the case. */
    static List<Row> of(List<Group> groups, String text) {
        return all().stream()
                .filter(row -> groups.contains(row.group()))
                .filter(row -> row.isNamed(text))
                .toList();
    }
}
