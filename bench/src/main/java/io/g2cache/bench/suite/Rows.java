package io.g2cache.bench.suite;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** All rows. Stateless. */
final class Rows {
    private Rows() {}

    static List<Row> all() {
        return Stream.of(LocalRows.all(), TierRows.all(), LogRows.all(), PeerRows.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The rows of some groups whose name holds a text, whatever the case. */
    static List<Row> of(List<Group> groups, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return all().stream()
                .filter(row -> groups.contains(row.group()))
                .filter(row -> row.name().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }
}
