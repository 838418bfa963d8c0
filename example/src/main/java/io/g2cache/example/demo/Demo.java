package io.g2cache.example.demo;

import io.g2cache.spi.TimeSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The demo: one broker, one database, three node processes. Shows propagation, a crash and the catching-up, and compares
 * every changed city in every cache with the database. With {@code --serve} it keeps running instead.
 *
 * <p>Ends with status 0 only if nothing was stale and nearly everything was compared, 1 if not or if something went wrong, 2 if it was called wrongly. Started
 * by {@code bin/g2cache demo}, which tells by {@code g2cache.terminal} whether standard output is a terminal.
 */
public final class Demo {
    private static final Duration LIMIT = Duration.ofSeconds(170);
    private static final Duration STATUS = Duration.ofSeconds(3);
    private static final Duration SERVE_STATUS = Duration.ofSeconds(15);
    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final String USAGE = """
            usage: g2cache demo [--serve]

            Starts a Kafka broker, an H2 database of cities and three nodes, and shows that no cache stays stale.
              --serve   keep running, and answer HTTP: GET, PUT, DELETE /cities/{id}, GET /statics, and a page at /
            """;

    private Demo() {}

    /** Runs the demo. */
    @SuppressWarnings("SystemOut") // the demo's output is what it is for
    public static void main(String[] arguments) {
        List<String> options = List.of(arguments);
        if (options.contains("--help") || options.contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        if (!options.isEmpty() && !options.equals(List.of("--serve"))) {
            System.err.print("unknown option: " + String.join(" ", options) + "\n" + USAGE);
            System.exit(2);
        }
        System.exit(run(
                new Console(System.out, Boolean.getBoolean("g2cache.terminal"), TimeSource.SYSTEM),
                !options.isEmpty()));
    }

    private static int run(Console console, boolean serve) {
        Comparison.Result result;
        try (Lifecycle lifecycle = new Lifecycle(console)) {
            Phases phases = new Phases(lifecycle.cluster(), console);
            if (serve) {
                phases.start();
                serve(console, lifecycle.cluster(), phases);
                return 0;
            }
            lifecycle.endAfter(LIMIT);
            phases.start();
            result = show(console, lifecycle.cluster(), phases);
            console.line("ending everything");
        } catch (IOException | SQLException | RuntimeException e) {
            console.line("failed: %s", String.valueOf(e.getMessage()));
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                console.line("  because: %s", cause);
            }
            return 1;
        }
        return verdict(console, result);
    }

    private static Comparison.Result show(Console console, Cluster cluster, Phases phases)
            throws IOException, SQLException {
        try (StatusPrinter printer = new StatusPrinter(cluster, console)) {
            printer.every(STATUS);
            phases.watch(Duration.ofSeconds(9));
            phases.propagation();
            phases.watch(Duration.ofSeconds(3));
            phases.crash();
            phases.watch(Duration.ofSeconds(6));
        }
        return phases.compare();
    }

    private static void serve(Console console, Cluster cluster, Phases phases) {
        for (String url : phases.urls()) {
            console.line("serving %s/", url);
        }
        console.line("audit them with: %s", phases.auditCommand());
        console.line("Ctrl-C ends everything");
        try (StatusPrinter printer = new StatusPrinter(cluster, console)) {
            printer.every(SERVE_STATUS);
            phases.watch(FOR_EVER);
        }
    }

    /** What was read anew must be right as well, though the last line counts cached values only. */
    private static int verdict(Console console, Comparison.Result result) {
        if (!result.isEnough()) {
            console.line(
                    "only %,d of %,d pairs of node and changed city were cached, which proves too little",
                    result.cached(), result.wanted());
        }
        console.print("stale: " + result.stale() + " of " + result.cached());
        return result.isProof() ? 0 : 1;
    }
}
