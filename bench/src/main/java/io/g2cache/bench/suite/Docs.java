package io.g2cache.bench.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fills a part of a document between two markers. Stateless. */
final class Docs {
    private Docs() {}

    /**
     * The document with another text between the markers of a name.
     *
     * @throws IllegalArgumentException if the markers are not there
     */
    static String filled(String document, String name, String text) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->";
        int from = document.indexOf(begin);
        int to = document.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "the document lacks the markers '" + begin.strip() + "' and '" + end + "'");
        }
        return document.substring(0, from + begin.length()) + text + document.substring(to);
    }

    /** Fills a part of a file. */
    static void fill(Path file, String name, String text) throws IOException {
        Files.writeString(file, filled(Files.readString(file, StandardCharsets.UTF_8), name, text));
    }
}
