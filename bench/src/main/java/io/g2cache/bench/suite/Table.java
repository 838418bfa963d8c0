package io.g2cache.bench.suite;

import io.g2cache.bench.sheet.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;

/** Scores as plain text and as Markdown. Stateless. */
final class Table {
    private Table() {}

    /** A table for a terminal. */
    static String text(List<List<Measured>> contests) {
        StringBuilder text = new StringBuilder();
        line(text, "", "score", "error", "unit", "B/call", "p99", "beside the best peer");
        for (List<Measured> contest : contests) {
            for (Measured measured : contest) {
                Score score = measured.score();
                line(
                        text,
                        measured.row().name(),
                        Numbers.of(score.value()),
                        error(score),
                        score.unit(),
                        Numbers.of(allocated(score)),
                        Numbers.of(score.percentiles().getOrDefault("p99", Double.NaN)),
                        measured.verdict(contest));
            }
        }
        return text.toString();
    }

    /** A table for a document, with the command of each thing below it. */
    static String markdown(List<List<Measured>> contests, Map<String, SortedSet<String>> environment) {
        StringBuilder text = new StringBuilder("""
                | what | score | error | unit | B/call | p99 | beside the best peer |
                |---|--:|--:|---|--:|--:|---|
                """);
        for (List<Measured> contest : contests) {
            for (Measured measured : contest) {
                Score score = measured.score();
                text.append("| ")
                        .append(String.join(
                                " | ",
                                measured.row().name(),
                                Numbers.of(score.value()),
                                error(score),
                                score.unit(),
                                Numbers.of(allocated(score)),
                                Numbers.of(score.percentiles().getOrDefault("p99", Double.NaN)),
                                measured.verdict(contest)))
                        .append(" |\n");
            }
        }
        text.append("\nEnvironment:");
        environment.forEach(
                (name, values) -> text.append("\n- ").append(name).append(": ").append(String.join(" / ", values)));
        text.append("\n\n```sh\n");
        contests.forEach(contest -> text.append("bin/g2cache bench ")
                .append(contest.get(0).row().group().label())
                .append(" --only '")
                .append(contest.get(0).row().thing())
                .append(":'\n"));
        return text.append("```\n").toString();
    }

    private static String error(Score score) {
        String percent = Numbers.of(score.errorPercent());
        return percent.equals("-") ? percent : percent + " %";
    }

    private static double allocated(Score score) {
        return score.secondary().getOrDefault(Score.ALLOCATED, Double.NaN);
    }

    private static void line(StringBuilder to, Object... cells) {
        to.append(String.format(Locale.ROOT, "%-52s %10s %8s %-7s %9s %9s  %s", cells)
                        .stripTrailing())
                .append('\n');
    }
}
