package io.g2cache.it.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of charts without any reference to elsewhere. */
public final class ChartPage {
    private static final String STYLE = """
            body { font: 14px/1.45 system-ui, sans-serif; max-width: 1060px; margin: 24px auto; padding: 0 16px; color: #222; }
            h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 28px; }
            svg { width: 100%; height: auto; font-size: 12px; display: block; margin: 10px 0; }
            """;

    private ChartPage() {}

    /** The beginning of a page, up to its first heading; further style may be given. */
    public static String head(String title, String style) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>g2cache: " + Chart.escape(title)
                + "</title>\n<style>\n" + STYLE + style + "</style></head><body>\n";
    }

    /** Writes a page with nothing but a heading and charts below {@code target}. */
    public static void write(String file, String title, Iterable<Chart> charts) throws IOException {
        StringBuilder html = new StringBuilder(head(title, ""));
        html.append("<h1>").append(Chart.escape(title)).append("</h1>\n");
        charts.forEach(chart -> html.append(chart.svg()));
        Path page = Path.of("target", file);
        Files.createDirectories(page.toAbsolutePath().getParent());
        Files.writeString(page, html.append("</body></html>\n"));
    }
}
