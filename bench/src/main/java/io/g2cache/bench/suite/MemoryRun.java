package io.g2cache.bench.suite;

import io.g2cache.bench.ChildJvm;
import io.g2cache.bench.sheet.Environment;
import io.g2cache.bench.sheet.Reading;
import io.g2cache.bench.sheet.Sheet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures what entries cost in memory, each store in a JVM of its own. For one thread. */
final class MemoryRun {
    /** The file of its sheet. */
    static final String FILE = "memory.json";

    private static final int VALUE_BYTES = 100;
    private static final int FULL_ENTRIES = 1_000_000;
    private static final int QUICK_ENTRIES = 10_000;

    private final PrintStream out;
    private final Path folder;

    MemoryRun(PrintStream out, Path folder) {
        this.out = out;
        this.folder = folder;
    }

    /**
     * Measures, prints the table and writes the sheet; a few minutes. A store that fails is told, and the others are measured
     * all the same.
     *
     * @return how many stores failed
     */
    int run(Effort effort, String command) throws IOException, InterruptedException {
        int failed = 0;
        int entries = effort == Effort.FULL ? FULL_ENTRIES : QUICK_ENTRIES;
        List<Reading> readings = new ArrayList<>();
        for (StoreKind store : StoreKind.values()) {
            out.println("memory: " + store.side().name());
            try {
                readings.addAll(readings(store, entries));
            } catch (IllegalStateException e) {
                failed++;
                out.println("failed: " + store.side().name() + ": " + e.getMessage());
                readings.add(new Reading(store.side().name(), "heap", null, "MB", "failed"));
                readings.add(new Reading(store.side().name(), "process", null, "MB", "failed"));
            }
        }
        Sheet sheet = new Sheet(
                "Memory of " + entries + " entries",
                "Growth of the heap after full collections, and of the resident memory of the process (with what the heap has"
                        + " taken and not given back), from the empty JVM to " + entries + " entries of " + VALUE_BYTES
                        + " bytes with text of up to 12 characters for keys, all read once; room for twice as many; a JVM of"
                        + " its own for each store, serial collector.",
                command,
                Environment.now(effort.name()),
                readings);
        sheet.write(folder.resolve(FILE));
        out.println();
        out.println(sheet.text());
        return failed;
    }

    private static List<Reading> readings(StoreKind store, int entries) throws IOException, InterruptedException {
        double[] grown = ChildJvm.run(
                MemoryProbe.class,
                ChildJvm.classPath(),
                List.of("-Xmx2g", "-XX:+UseSerialGC"),
                store.name(),
                Integer.toString(entries),
                Integer.toString(VALUE_BYTES));
        String name = store.side().name();
        boolean isKnown = !Double.isNaN(grown[1]);
        return List.of(
                new Reading(name, "heap", grown[0], "MB", ""),
                new Reading(
                        name,
                        "process",
                        isKnown ? (Double) grown[1] : null,
                        "MB",
                        isKnown ? "" : "not told by this system"));
    }
}
