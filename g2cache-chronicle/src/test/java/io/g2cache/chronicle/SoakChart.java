package io.g2cache.chronicle;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** A page with a curve for each thing that a soak samples. */
final class SoakChart {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 140;

    private SoakChart() {}

    static String page(List<Soak.Sample> samples, long maximumEntries, long maximumBytes) {
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Soak</title>"
                + "<style>body{font:14px sans-serif}svg{border:1px solid #ccc}polyline{fill:none;stroke:#0072b2}"
                + "line{stroke:#d55e00;stroke-dasharray:4}</style></head><body>\n"
                + curve("entries", samples, Soak.Sample::entries, maximumEntries)
                + curve("bytes held off the heap", samples, Soak.Sample::heldBytes, maximumBytes)
                + curve("heap after a collection, bytes", samples, Soak.Sample::heapBytes, 0)
                + curve("resident bytes of the process", samples, Soak.Sample::residentBytes, 0)
                + curve("bytes of the file", samples, Soak.Sample::fileBytes, 0)
                + "</body></html>\n";
    }

    /** The cap, if there is one, is the dashed line. */
    private static String curve(String title, List<Soak.Sample> samples, ToLongFunction<Soak.Sample> value, long cap) {
        long most = Math.max(
                1, Math.max(cap, samples.stream().mapToLong(value).max().orElse(0)));
        double seconds = samples.get(samples.size() - 1).seconds();
        StringBuilder points = new StringBuilder();
        for (Soak.Sample sample : samples) {
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    WIDTH * sample.seconds() / seconds,
                    HEIGHT * (1 - 0.95 * value.applyAsLong(sample) / most)));
        }
        double capAt = HEIGHT * (1 - 0.95 * cap / most);
        String line = cap == 0
                ? ""
                : String.format(Locale.ROOT, "<line x1=\"0\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", WIDTH, capAt, capAt);
        return String.format(
                Locale.ROOT,
                "<h3>%s, at most %,d%s, in %.0f s</h3><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">%s<polyline points=\"%s\"/></svg>%n",
                title,
                samples.stream().mapToLong(value).max().orElse(0),
                cap == 0 ? "" : String.format(Locale.ROOT, " of %,d", cap),
                seconds,
                WIDTH,
                HEIGHT,
                line,
                points);
    }
}
