package io.g2cache.bench.suite;

import io.g2cache.bench.peers.PeersRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The suite's part of the command line. For one thread. */
public final class SuiteCommand {
    private static final String REPORT = "report";

    private final PrintStream out;
    private final Path folder;

    /**
     * Creates it.
     *
     * @param out where progress and tables go
     * @param folder where reports and raw data go
     */
    public SuiteCommand(PrintStream out, Path folder) {
        this.out = out;
        this.folder = folder;
    }

    /** Whether a command is one of the suite's. */
    public static boolean knows(String command) {
        return command.equals(REPORT) || Request.knows(command);
    }

    /**
     * Runs what the arguments ask for, or renders what earlier runs left, and prints the table.
     *
     * @return how many forks and stores failed
     * @throws IllegalArgumentException if an argument is wrong
     */
    public int run(List<String> arguments) throws Exception {
        if (arguments.get(0).equals(REPORT)) {
            render(arguments.subList(1, arguments.size()));
            return 0;
        }
        Request request = Request.of(arguments);
        Path to = request.folder(folder);
        Report report = new Report(to);
        List<Row> rows = request.rows();
        int failed = rows.isEmpty() ? 0 : new Suite(out, report.raw()).run(Plan.of(rows, request.effort()));
        if (request.asksForMemory()) {
            failed += new MemoryRun(out, to).run(request.effort(), request.line());
        }
        if (request.asksForStaleness()) {
            String effort = request.effort().name();
            PeersRun run =
                    request.effort() == Effort.FULL ? PeersRun.full(out, to, effort) : PeersRun.quick(out, to, effort);
            run.run(request.line());
        }
        var unused = report.render();
        if (!rows.isEmpty()) {
            out.println();
            out.print(Table.text(Measured.contests(rows, report.raw())));
        }
        out.println("charts: " + report.page());
        return failed;
    }

    private void render(List<String> arguments) throws IOException {
        boolean docs = arguments.equals(List.of("--docs"));
        if (!docs && !arguments.isEmpty()) {
            throw new IllegalArgumentException("unknown argument '" + arguments.get(0) + "'; known: --docs");
        }
        Report report = new Report(folder);
        out.print(report.render());
        out.println("charts: " + report.page());
        if (docs) {
            report.fill(Path.of(System.getProperty("g2cache.bench.docs", "docs")));
        }
    }
}
