package io.g2cache.bench.suite;

import io.g2cache.bench.sheet.Numbers;
import io.g2cache.bench.sheet.Sheet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;

/** Scores as a page that needs nothing else: a chart with error bars for every thing, its command, and the table. Stateless. */
final class Page {
    private static final int LEFT = 260;
    private static final int WIDTH = 480;
    private static final int RIGHT = 300;
    private static final int BAR = 22;

    private Page() {}

    /**
     * The page.
     *
     * @param contests what was measured
     * @param sheets what was measured besides
     * @param environments the machine of each group
     */
    static String of(
            List<List<Measured>> contests,
            List<Sheet> sheets,
            Map<Group, Map<String, SortedSet<String>>> environments) {
        StringBuilder page = new StringBuilder("""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>Benchmarks</title>
                <style>body{font:14px sans-serif;margin:2em}text{font:12px sans-serif}pre,code{font-size:12px}
                .ours{fill:#d55e00}.peer{fill:#0072b2}line{stroke:#222}dt{font-weight:bold}td{padding:0 1em;text-align:right}</style></head><body>
                <h1>Benchmarks</h1>
                <p>Bars are means, the lines across their ends the intervals that hold them with 99.9 %. Of an average time less is
                better, of calls per time more. Forks took turns.</p>
                """);
        environments.forEach((group, environment) -> {
            page.append("<h2>").append(group.label()).append(": environment</h2><dl>\n");
            environment.forEach((name, values) -> page.append("<dt>")
                    .append(escaped(name))
                    .append("</dt><dd>")
                    .append(escaped(String.join(" / ", values)))
                    .append("</dd>\n"));
            page.append("</dl>\n");
        });
        contests.forEach(contest -> append(page, contest));
        sheets.forEach(sheet -> append(page, sheet));
        page.append("<h2>All</h2><pre>").append(escaped(Table.text(contests)));
        return page.append("</pre></body></html>\n").toString();
    }

    private static void append(StringBuilder page, Sheet sheet) {
        page.append("<h2>").append(escaped(sheet.title())).append("</h2>\n<p>");
        page.append(escaped(sheet.method()).replace("\n", "<br>")).append("</p>\n<code>");
        page.append(escaped(sheet.command())).append("</code>\n<table>\n");
        for (List<String> row : sheet.table()) {
            page.append("<tr>");
            row.forEach(cell -> page.append("<td>").append(escaped(cell)).append("</td>"));
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static void append(StringBuilder page, List<Measured> contest) {
        Row first = contest.get(0).row();
        double most = contest.stream()
                .mapToDouble(measured -> measured.score().value() + error(measured.score()))
                .max()
                .orElse(1);
        page.append("<h2>")
                .append(escaped(first.thing()))
                .append(", ")
                .append(escaped(contest.get(0).score().unit()))
                .append(first.isMoreBetter() ? " (more is better)" : " (less is better)")
                .append("</h2>\n<code>")
                .append(escaped("bin/g2cache bench " + first.group().label() + " --only '" + first.thing() + ":'"))
                .append("</code><br>\n");
        page.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                LEFT + WIDTH + RIGHT,
                BAR * contest.size()));
        for (int i = 0; i < contest.size(); i++) {
            bar(page, contest.get(i), contest.get(i).verdict(contest), i * BAR, WIDTH / most);
        }
        page.append("</svg>\n");
    }

    private static void bar(StringBuilder page, Measured measured, String verdict, int top, double scale) {
        Score score = measured.score();
        double length = score.value() * scale;
        double error = error(score) * scale;
        int middle = top + BAR / 2;
        text(page, LEFT - 8, middle + 4, "end", measured.row().side().name());
        page.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                        + "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                measured.row().side().isOurs() ? "ours" : "peer",
                LEFT,
                top + 3,
                length,
                BAR - 6,
                LEFT + Math.max(0, length - error),
                middle,
                LEFT + length + error,
                middle));
        text(
                page,
                LEFT + (int) (length + error) + 8,
                middle + 4,
                "start",
                Numbers.of(score.value()) + (verdict.isEmpty() ? "" : "; " + verdict));
    }

    /** The error; none where it is unknown. */
    static double error(Score score) {
        return Double.isNaN(score.error()) ? 0 : score.error();
    }

    private static void text(StringBuilder page, int x, int y, String anchor, String text) {
        page.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
