package io.g2cache.example.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of the page, each named here, read once from the class path. Immutable and thread-safe. */
public final class WebFiles {
    /** The chart library, as its webjar has it; the version stands in the pom as well. */
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    private static final String PAGE = "/io/g2cache/example/web/";

    private WebFiles() {}

    /**
     * Adds a route for each file.
     *
     * @throws IOException if one is missing
     */
    public static void addTo(Router router) throws IOException {
        Map<String, Reply> files = new LinkedHashMap<>();
        files.put("/", read(PAGE + "index.html", "text/html; charset=utf-8"));
        files.put("/page.css", read(PAGE + "page.css", "text/css; charset=utf-8"));
        files.put("/page.js", read(PAGE + "page.js", "text/javascript; charset=utf-8"));
        files.put("/chart.js", read(CHARTS, "text/javascript; charset=utf-8"));
        files.forEach((path, reply) -> router.add("GET", path, (request, argument) -> reply));
    }

    private static Reply read(String resource, String type) throws IOException {
        try (InputStream input = WebFiles.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IOException("no resource " + resource);
            }
            String policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:;"
                    + " connect-src http://127.0.0.1:*";
            return new Reply(200, type, input.readAllBytes(), Map.of())
                    .with("Content-Security-Policy", policy)
                    .with("X-Content-Type-Options", "nosniff");
        }
    }
}
