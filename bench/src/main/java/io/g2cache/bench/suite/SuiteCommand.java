package io.g2cache.bench.suite;

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
     * Runs the rows that the arguments ask for, or renders what earlier runs left, and prints the table.
     *
     * @return how many forks failed
     * @throws IllegalArgumentException if an argument is wrong
     */
    public int run(List<String> arguments) throws IOException {
        Raw raw = new Raw(folder.resolve("raw"));
        Report report = new Report(raw, folder.resolve("index.html"));
        if (arguments.get(0).equals(REPORT)) {
            render(report, arguments.subList(1, arguments.size()));
            return 0;
        }
        Request request = Request.of(arguments);
        List<Row> rows = request.rows();
        int failed = new Suite(out, raw).run(Plan.of(rows, request.effort()), true);
        var unused = report.render();
        out.println();
        out.print(Table.text(Measured.contests(rows, raw)));
        out.println("charts: " + report.page());
        return failed;
    }

    private void render(Report report, List<String> arguments) throws IOException {
        boolean docs = arguments.equals(List.of("--docs"));
        if (!docs && !arguments.isEmpty()) {
            throw new IllegalArgumentException("unknown argument '" + arguments.get(0) + "'; known: --docs");
        }
        out.print(report.render());
        out.println("charts: " + report.page());
        if (docs) {
            report.fill(Path.of(System.getProperty("g2cache.bench.docs", "docs")));
        }
    }
}
