package io.g2cache.bench;

import java.util.List;
import java.util.Locale;

/** Hit rates as a table, as CSV, and as a page with a chart that needs nothing else. Stateless. */
final class HitRateReport {
    private static final int ROW = 15;
    private static final int LEFT = 240;
    private static final int WIDTH = 700;
    private static final int TOP = 40;

    private HitRateReport() {}

    /** The first line of the table. */
    static String heading() {
        return String.format(
                Locale.ROOT,
                "%-18s %5s %8s | %7s %8s %7s %7s | %6s %6s %s",
                "trace",
                "keys",
                "entries",
                "optimum",
                "caffeine",
                "lru",
                "ours",
                "lead",
                "target",
                "result");
    }

    /** A line of the table. */
    static String line(HitRate rate) {
        return String.format(
                Locale.ROOT,
                "%-18s %4.0f%% %8d | %7.2f %8.2f %7.2f %7.2f | %+6.2f %6.0f %s",
                rate.trace().name(),
                100 * rate.share(),
                rate.capacity(),
                rate.optimum(),
                rate.caffeine(),
                rate.leastRecentlyUsed(),
                rate.ours(),
                rate.lead(),
                -rate.trace().target(),
                rate.reachesTarget() ? "ok" : "MISS");
    }

    /** How many traces reach their target at every capacity, and the means. */
    static String summary(List<HitRate> rates) {
        long traces = rates.stream().map(HitRate::trace).distinct().count();
        long missing = rates.stream()
                .filter(rate -> !rate.reachesTarget())
                .map(HitRate::trace)
                .distinct()
                .count();
        return String.format(
                Locale.ROOT,
                "traces=%d, within target at every capacity=%d, mean hit rate: caffeine=%.2f ours=%.2f, worst lead=%+.2f",
                traces,
                traces - missing,
                rates.stream().mapToDouble(HitRate::caffeine).average().orElse(0),
                rates.stream().mapToDouble(HitRate::ours).average().orElse(0),
                rates.stream().mapToDouble(HitRate::lead).min().orElse(0));
    }

    static String csv(List<HitRate> rates) {
        StringBuilder csv = new StringBuilder("trace,keys,accesses,entries,optimum,caffeine,lru,ours,target,reached\n");
        for (HitRate rate : rates) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%.3f,%.3f,%.3f,%.3f,%.0f,%b%n",
                    rate.trace().name(),
                    rate.trace().distinct(),
                    rate.trace().keys().length,
                    rate.capacity(),
                    rate.optimum(),
                    rate.caffeine(),
                    rate.leastRecentlyUsed(),
                    rate.ours(),
                    rate.trace().target(),
                    rate.reachesTarget()));
        }
        return csv.toString();
    }

    static String page(List<HitRate> rates) {
        StringBuilder page = new StringBuilder("""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>Hit rates</title>
                <style>body{font:14px sans-serif;margin:2em}pre{font-size:12px}text{font:11px sans-serif}
                .optimum{fill:#bbb}.lru{fill:#e69f00}.caffeine{fill:#0072b2}.ours{fill:#d55e00}line{stroke:#ddd}</style>
                </head><body><h1>Hit rates in percent</h1>
                <p>Off-heap tier beside Caffeine, least recently used, and the optimum that knows the future; capacities of 1, 5, and
                20 percent of the keys of each trace.</p>
                """);
        page.append("<p>").append(summary(rates)).append("</p>\n");
        appendChart(page, rates);
        page.append("<pre>").append(heading()).append('\n');
        rates.forEach(rate -> page.append(line(rate)).append('\n'));
        return page.append("</pre></body></html>\n").toString();
    }

    private static void appendChart(StringBuilder page, List<HitRate> rates) {
        int height = TOP + ROW * rates.size() + ROW;
        page.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                LEFT + WIDTH + 20,
                height));
        String[] kinds = {"optimum", "lru", "caffeine", "ours"};
        for (int i = 0; i < kinds.length; i++) {
            dot(page, kinds[i], LEFT + 90 * i, 10);
            text(page, LEFT + 90 * i + 8, 14, "start", kinds[i]);
        }
        for (int percent = 0; percent <= 100; percent += 10) {
            int x = LEFT + WIDTH * percent / 100;
            page.append(String.format(
                    Locale.ROOT, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n", x, TOP - 5, x, height));
            text(page, x, TOP - 8, "middle", Integer.toString(percent));
        }
        for (int i = 0; i < rates.size(); i++) {
            HitRate rate = rates.get(i);
            int y = TOP + ROW * i + ROW / 2;
            text(
                    page,
                    LEFT - 8,
                    y + 4,
                    "end",
                    String.format(Locale.ROOT, "%s %.0f%%", rate.trace().name(), 100 * rate.share()));
            double[] values = {rate.optimum(), rate.leastRecentlyUsed(), rate.caffeine(), rate.ours()};
            for (int kind = 0; kind < kinds.length; kind++) {
                dot(page, kinds[kind], LEFT + WIDTH * values[kind] / 100, y);
            }
        }
        page.append("</svg>\n");
    }

    private static void dot(StringBuilder page, String kind, double x, int y) {
        page.append(String.format(Locale.ROOT, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"3.5\"/>", kind, x, y));
    }

    private static void text(StringBuilder page, int x, int y, String anchor, String text) {
        page.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text));
    }
}
