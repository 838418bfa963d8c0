package io.g2cache.bench.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Renders whatever raw data there are: the page, and if wanted the documents. For one thread.
 *
 * @param raw the raw data
 * @param page the file of the page
 */
record Report(Raw raw, Path page) {
    private static final String DOCUMENT = "performance.md";

    /** Writes the page, and returns the table of the same rows. */
    String render() throws IOException {
        List<List<Measured>> contests = Measured.contests(Rows.all(), raw);
        Map<Group, Map<String, String>> environments = new EnumMap<>(Group.class);
        for (Group group : Group.values()) {
            Map<String, String> environment = raw.environment(group);
            if (!environment.isEmpty()) {
                environments.put(group, environment);
            }
        }
        Path folder = page.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(page, Page.of(contests, environments), StandardCharsets.UTF_8);
        return Table.text(contests);
    }

    /**
     * Fills the document of a folder, and draws its pictures.
     *
     * @throws IllegalArgumentException if a group was measured in a hurry, as its scores say nothing
     */
    void fill(Path docs) throws IOException {
        for (Group group : Group.values()) {
            List<Row> rows = Rows.of(List.of(group), "");
            List<List<Measured>> contests = Measured.contests(rows, raw);
            if (contests.isEmpty()) {
                continue;
            }
            Map<String, String> environment = raw.environment(group);
            if (!Effort.FULL.name().equals(environment.get("effort"))) {
                throw new IllegalArgumentException("group '" + group.label() + "' was measured with effort="
                        + environment.get("effort") + "; only " + Effort.FULL + " is fit for documents");
            }
            Docs.fill(docs.resolve(DOCUMENT), group.label(), Table.markdown(contests, environment));
            Pictures.draw(contests, docs.resolve("img"));
        }
    }
}
