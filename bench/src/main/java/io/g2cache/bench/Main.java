package io.g2cache.bench;

import io.g2cache.bench.suite.SuiteCommand;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The command line: {@code guard [GROUP]}, {@code hitrate [--quick]}, or a command of the suite. */
public final class Main {
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    private Main() {}

    /** The groups of figures, in the order in which they are measured. */
    static Map<String, Supplier<List<Figure>>> groups() {
        Map<String, Supplier<List<Figure>>> groups = new LinkedHashMap<>();
        groups.put("local", LocalFigures::all);
        groups.put("tiers", TierFigures::all);
        groups.put("log", LogFigures::all);
        return groups;
    }

    /** Runs a command; ends the JVM with status 2 where it is unknown, and with 1 where a guarded figure is far from its target. */
    public static void main(String[] args) throws Exception {
        String command = args.length == 0 ? "" : args[0];
        if (command.equals("--help") || command.equals("help")) {
            printUsage(System.out);
        } else if (command.equals("hitrate") && (args.length == 1 || (args.length == 2 && args[1].equals("--quick")))) {
            new HitRates(System.out, HitRates.defaultFolder()).run(args.length == 2);
        } else if (command.equals("guard") && args.length == 1) {
            List<Figure> all = new ArrayList<>();
            groups().values().forEach(group -> all.addAll(group.get()));
            guard(all);
        } else if (command.equals("guard") && args.length == 2 && groups().containsKey(args[1])) {
            guard(groups().getOrDefault(args[1], List::of).get());
        } else if (SuiteCommand.knows(command)) {
            suite(List.of(args));
        } else {
            printUsage(System.err);
            System.exit(BAD_USAGE);
        }
        System.exit(0);
    }

    private static void suite(List<String> arguments) throws Exception {
        try {
            int failed = new SuiteCommand(System.out, HitRates.defaultFolder()).run(arguments);
            if (arguments.get(0).equals("all") && !arguments.contains("--only")) {
                var unused = new HitRates(System.out, HitRates.defaultFolder()).run(arguments.contains("--quick"));
            }
            if (failed > 0) {
                System.err.println("forks and stores that failed: " + failed);
                System.exit(FAILED);
            }
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(BAD_USAGE);
        }
    }

    private static void guard(List<Figure> figures) throws InterruptedException {
        int far = new Guard(System.out).run(figures);
        if (far > 0) {
            System.err.println("figures missed by more than twice their targets, or not measured: " + far);
            System.exit(FAILED);
        }
    }

    private static void printUsage(PrintStream to) {
        to.println("usage: bench smoke            what matters most, in less than two minutes");
        to.println("       bench local|tiers|log|peers|all [--quick] [--only TEXT]");
        to.println(
                "                              the suite's rows, those whose name holds TEXT; without TEXT local takes");
        to.println("                              'memory' with it, peers 'staleness', and all everything");
        to.println("       bench memory           what entries cost in memory, beside other stores");
        to.println("       bench staleness        when writes are visible elsewhere, and what a lost connection does");
        to.println(
                "       bench report [--docs]  renders the raw data of earlier runs again; --docs: into the documents too");
        to.println(
                "       bench hitrate          hit rates beside Caffeine's, as a table and a chart; --quick: short traces");
        to.println(
                "       bench guard [GROUP]    figures with a target; status 1 if one is missed by more than twice. Groups: "
                        + String.join(", ", groups().keySet()));
    }
}
