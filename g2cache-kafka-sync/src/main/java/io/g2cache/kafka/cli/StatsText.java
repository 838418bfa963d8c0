package io.g2cache.kafka.cli;

import java.io.PrintWriter;
import java.util.List;

/** The statistics for people. */
final class StatsText {
    private static final int KEY_CHARACTERS = 80;
    private static final int BAR_CELLS = 40;

    private final PrintWriter out;
    private final KeyFormat keys;

    StatsText(PrintWriter out, KeyFormat keys) {
        this.out = out;
        this.keys = keys;
    }

    void print(LogStatistics statistics) {
        TextTable table = new TextTable(
                "cache", "kind", "records", "size", "keys", "superseded", "their size", "oldest", "newest");
        for (Tally.Group group : statistics.tally().sorted()) {
            table.row(
                    Text.printable(group.cache()),
                    group.kind(),
                    Text.number(group.records()),
                    Text.bytes(group.bytes()),
                    Text.number(group.records() - group.superseded()),
                    Text.number(group.superseded()),
                    Text.bytes(group.supersededBytes()),
                    Text.time(group.oldestMillis()),
                    Text.time(group.newestMillis()));
        }
        table.print(out);
        out.println("all: records=" + Text.number(statistics.tally().records()) + ", size="
                + Text.bytes(statistics.tally().bytes()) + ", record keys=" + Text.number(statistics.keys()));
        if (statistics.limitReached()) {
            out.println("limit of keys reached, keyLimit=" + Text.number(statistics.keyLimit())
                    + ": at least that many are superseded, at most that many keys");
        }
        largest("largest keys", statistics.largestKeys().items());
        largest("largest values", statistics.largestValues().items());
        minutes(statistics);
    }

    private void largest(String title, List<Largest.Item> items) {
        if (!items.isEmpty()) {
            out.println();
            out.println(title);
        }
        for (Largest.Item item : items) {
            out.println("  " + Text.bytes(item.bytes()) + "  " + item.partition() + ":" + item.offset() + "  cache="
                    + Text.printable(item.cache()) + " key="
                    + Text.shortened(Text.printable(keys.show(item.key())), KEY_CHARACTERS));
        }
    }

    private void minutes(LogStatistics statistics) {
        long most = 1;
        for (int i = 0; i < statistics.minutes(); i++) {
            most = Math.max(most, statistics.inMinute(i));
        }
        out.println();
        out.println("records a minute");
        for (int i = 0; i < statistics.minutes(); i++) {
            long count = statistics.inMinute(i);
            int cells = (int) Math.ceil((double) count / most * BAR_CELLS);
            out.println(("  " + Text.time(statistics.minuteMillis(i)) + "  " + Text.number(count) + "  "
                            + "#".repeat(cells))
                    .stripTrailing());
        }
    }
}
