package io.g2cache.it.chaos;

import io.g2cache.it.chaos.Operation.Kind;
import io.g2cache.it.chaos.Operation.Outcome;
import io.g2cache.it.chart.Chart;
import io.g2cache.it.chart.Chart.Band;
import io.g2cache.it.chart.ChartPage;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Writes what a run came to as one page that needs nothing else: figures, charts, tables. */
final class ChaosPage {
    private static final List<String> NODE_COLOURS = List.of("#1565c0", "#2e7d32", "#e07b00");
    private static final int MOST_FINDINGS = 200;
    private static final String STYLE = """
            table { border-collapse: collapse; width: 100%; } td, th { padding: 3px 10px; border-bottom: 1px solid #e2e5ea; text-align: right; }
            td:first-child, th:first-child, td.text, th.text { text-align: left; }
            .cards { display: flex; flex-wrap: wrap; gap: 10px; } .card { background: #f4f6f8; border-radius: 6px; padding: 8px 14px; }
            .card b { display: block; font-size: 20px; } .bad { color: #b00020; } .good { color: #2e7d32; }
            code { background: #f4f6f8; padding: 1px 4px; }
            """;

    private final ChaosRun run;
    private final StringBuilder html = new StringBuilder();
    private final double seconds;

    private ChaosPage(ChaosRun run) {
        this.run = run;
        long last = run.history().operations().stream()
                .filter(operation -> !isAtRest(operation.kind()))
                .mapToLong(Operation::end)
                .max()
                .orElse(run.begin());
        this.seconds = Math.max(run.duration().toSeconds(), Math.ceil((last - run.begin()) / 1e9));
    }

    /** The page. */
    static String of(ChaosRun run, String name) {
        return new ChaosPage(run).write(name);
    }

    private static boolean isAtRest(Kind kind) {
        return kind == Kind.FINAL_READ || kind == Kind.OUT_READ;
    }

    private String write(String name) {
        html.append(ChartPage.head("chaos", STYLE));
        html.append("<h1>Chaos on real parts: ").append(Chart.escape(name)).append("</h1>\n");
        html.append("<p>The same plan again: <code>-D" + ChaosOptions.SEED + "=" + run.seed() + " -D"
                + ChaosOptions.SECONDS + "=" + run.duration().toSeconds() + "</code></p>\n");
        cards();
        charts();
        recoveries();
        operations();
        findings();
        return html.append("</body></html>\n").toString();
    }

    private void cards() {
        Verdict verdict = run.verdict();
        long made = run.history().operations().stream()
                .filter(operation -> operation.outcome() != Outcome.BEGUN)
                .count();
        html.append("<div class='cards'>");
        card("" + made, "operations");
        card(
                run.strikes().size() + " of " + run.plan().size(),
                "faults in " + run.plan().rounds().size() + " rounds");
        html.append("<div class='card'><b class='" + (verdict.findings().isEmpty() ? "good" : "bad") + "'>"
                + verdict.findings().size() + "</b>broken promises</div>");
        card("" + verdict.staleReads(), "stale reads within the bound");
        card(verdict.longestStaleness() / 1_000_000 + " ms", "longest staleness");
        card("" + verdict.stepsBack(), "steps back");
        card("" + verdict.latePuts(), "reads of late puts");
        card("" + sum(Sample::localHits), "read from the local tiers");
        card("" + sum(Sample::outHits), "read from the out tier");
        card("" + sum(Sample::loads), "loaded");
        card("" + sum(Sample::gaps), "gaps and cold starts");
        html.append("</div>\n");
    }

    private long sum(ToLongFunction<Sample> figure) {
        return run.history().lastSamples().stream().mapToLong(figure).sum();
    }

    private void card(String figure, String what) {
        html.append("<div class='card'><b>" + figure + "</b>" + what + "</div>");
    }

    private void charts() {
        List<Band> bands = run.strikes().stream()
                .map(strike -> new Band((strike.began() - run.begin()) / 1e9, (strike.undone() - run.begin()) / 1e9))
                .toList();
        Seconds each = new Seconds(run.begin(), (int) seconds, run.history().operations());
        html.append("<h2>Second by second</h2>\n").append(FaultLanes.svg(run.strikes(), run.begin(), seconds));
        Chart reads = new Chart("reads answered per second", seconds, false, bands);
        for (int node = 1; node <= KeySpace.NODES; node++) {
            int number = node;
            reads.line(
                    "node " + node,
                    NODE_COLOURS.get(node - 1),
                    each.count(operation -> operation.node() == number
                            && operation.isOk()
                            && !operation.kind().isWrite()
                            && !isAtRest(operation.kind())));
        }
        html.append(reads.svg());
        html.append(new Chart("read latency, ms (logarithmic)", seconds, true, bands)
                .line("median", "#2e7d32", each.latency(operation -> operation.kind() == Kind.READ, 0.5))
                .line("99 %", "#1565c0", each.latency(operation -> operation.kind() == Kind.READ, 0.99))
                .line("slowest", "#b00020", each.latency(operation -> operation.kind() == Kind.READ, 1))
                .svg());
        html.append(new Chart("writes per second", seconds, false, bands)
                .line("acknowledged", "#2e7d32", writes(each, Outcome.OK))
                .line("queued", "#1565c0", writes(each, Outcome.QUEUED))
                .line("failed", "#e07b00", writes(each, Outcome.FAILED))
                .line("unknown", "#b00020", writes(each, Outcome.UNKNOWN))
                .svg());
        html.append(new Chart("oldest value read, ms behind its write's acknowledgement", seconds, false, bands)
                .line("staleness", "#7b3fa0", each.staleness(run.verdict().staleness()))
                .limit(NodeSettings.MAX_STALENESS.toMillis())
                .svg());
    }

    private static double[] writes(Seconds each, Outcome outcome) {
        return each.count(operation -> operation.kind().isWrite() && operation.outcome() == outcome);
    }

    private void recoveries() {
        html.append(
                "<h2>Recovery</h2>\n<p>From the moment the last fault of a round was undone until all three nodes were ready, "
                        + "had answered a read, had a write acknowledged that began later.</p>\n"
                        + "<table><tr><th>round</th><th class='text'>faults</th><th>at</th><th>ready</th><th>read</th><th>write</th></tr>\n");
        for (Recovery recovery : run.recoveries()) {
            html.append("<tr><td>" + (recovery.round() + 1) + "</td><td class='text'>" + Chart.escape(recovery.what())
                    + "</td><td>" + seconds(recovery.undone() - run.begin()) + "</td><td>" + seconds(recovery.ready())
                    + "</td><td>" + seconds(recovery.reads()) + "</td><td>" + seconds(recovery.writes())
                    + "</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private static String seconds(long nanos) {
        return nanos == Long.MAX_VALUE
                ? "not before the end"
                : String.format(Locale.ROOT, "%.2f s", Duration.ofNanos(nanos).toMillis() / 1e3);
    }

    private void operations() {
        html.append("<h2>Operations</h2>\n<table><tr><th>kind</th>");
        List<Outcome> outcomes = List.of(Outcome.OK, Outcome.QUEUED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.REFUSED);
        outcomes.forEach(outcome -> html.append("<th>" + outcome.name().toLowerCase(Locale.ROOT) + "</th>"));
        html.append("<th>slowest</th></tr>\n");
        for (Kind kind : Kind.values()) {
            List<Operation> own = run.history().operations().stream()
                    .filter(operation -> operation.kind() == kind && operation.outcome() != Outcome.BEGUN)
                    .toList();
            html.append("<tr><td>" + kind.label() + "</td>");
            outcomes.forEach(outcome -> html.append("<td>"
                    + own.stream()
                            .filter(operation -> operation.outcome() == outcome)
                            .count() + "</td>"));
            long slowest = own.stream()
                    .mapToLong(operation -> operation.end() - operation.start())
                    .max()
                    .orElse(0);
            html.append("<td>" + seconds(slowest) + "</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private void findings() {
        html.append("<h2>Broken promises</h2>\n");
        if (run.verdict().findings().isEmpty()) {
            html.append("<p>None.</p>\n");
            return;
        }
        html.append("<table><tr><th>promise</th><th>node</th><th>at</th><th class='text'>what</th></tr>\n");
        run.verdict().findings().stream()
                .sorted(Comparator.comparingLong(Finding::time))
                .limit(MOST_FINDINGS)
                .forEach(finding -> html.append("<tr><td class='bad'>"
                        + finding.promise().name().toLowerCase(Locale.ROOT).replace('_', ' ') + "</td><td>"
                        + finding.node() + "</td><td>" + seconds(finding.time() - run.begin())
                        + "</td><td class='text'>" + Chart.escape(finding.what()) + "</td></tr>\n"));
        html.append("</table>\n");
    }
}
