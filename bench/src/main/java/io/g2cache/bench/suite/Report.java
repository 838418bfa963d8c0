package io.g2cache.bench.suite;

import io.g2cache.bench.peers.PeersRun;
import io.g2cache.bench.sheet.Sheet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Renders whatever was measured into a folder: its page, and if wanted the documents. For one thread.
 *
 * @param folder of raw data, sheets and the page
 */
record Report(Path folder) {
    private static final String DOCUMENT = "performance.md";

    private static final List<Part> SHEETS = List.of(
            new Part(MemoryRun.FILE, "memory"),
            new Part(PeersRun.VISIBLE, "visible"),
            new Part(PeersRun.STALE, "stale"));

    /** A sheet's file, and the name of its part of the document. */
    private record Part(String file, String name) {}

    /** The raw data. */
    Raw raw() {
        return new Raw(folder.resolve("raw"));
    }

    /** The file of the page. */
    Path page() {
        return folder.resolve("index.html");
    }

    /** Writes the page, and returns the table of the same rows. */
    String render() throws IOException {
        List<List<Measured>> contests = Measured.contests(Rows.all(), raw());
        Map<Group, Map<String, SortedSet<String>>> environments = new EnumMap<>(Group.class);
        for (Group group : Group.values()) {
            Map<String, SortedSet<String>> environment = raw().environment(Rows.of(List.of(group), ""));
            if (!environment.isEmpty()) {
                environments.put(group, environment);
            }
        }
        List<Sheet> sheets = new ArrayList<>();
        for (Part part : SHEETS) {
            Sheet.read(folder.resolve(part.file)).ifPresent(sheets::add);
        }
        Files.createDirectories(folder);
        Files.writeString(page(), Page.of(contests, sheets, environments), StandardCharsets.UTF_8);
        return Table.text(contests);
    }

    /**
     * Fills the document of a folder, and draws its pictures.
     *
     * @throws IllegalArgumentException if a row was measured in a hurry or in part, as its score says nothing
     */
    void fill(Path docs) throws IOException {
        for (Group group : Group.values()) {
            List<Row> rows = Rows.of(List.of(group), "");
            List<List<Measured>> contests = Measured.contests(rows, raw());
            for (List<Measured> contest : contests) {
                for (Measured measured : contest) {
                    requireFull(measured.row());
                }
            }
            if (!contests.isEmpty()) {
                Docs.fill(docs.resolve(DOCUMENT), group.label(), Table.markdown(contests, raw().environment(rows)));
                Pictures.draw(contests, docs.resolve("img"));
            }
        }
        for (Part part : SHEETS) {
            Optional<Sheet> sheet = Sheet.read(folder.resolve(part.file));
            if (sheet.isPresent()) {
                Docs.fill(docs.resolve(DOCUMENT), part.name, sheet.get().markdown());
            }
        }
    }

    private void requireFull(Row row) throws IOException {
        if (!raw().isFull(row)) {
            throw new IllegalArgumentException("'" + row.name() + "' was not measured with all forks of effort="
                    + Effort.FULL + ": only that is fit for documents; " + row.command());
        }
    }
}
