package io.g2cache.bench.suite;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a command line of the suite asks for.
 *
 * @param command name of a group, or another of the commands
 * @param effort how much time every row gets
 * @param only text that the names of rows must hold; empty for all
 */
record Request(String command, Effort effort, String only) {
    private static final String SMOKE = "smoke";
    private static final String MEMORY = "memory";
    private static final String STALENESS = "staleness";
    private static final String ALL = "all";

    /** Whether the suite knows a command. */
    static boolean knows(String command) {
        return commands().contains(command);
    }

    private static List<String> commands() {
        return Stream.of(
                        Stream.of(SMOKE),
                        Arrays.stream(Group.values()).map(Group::label),
                        Stream.of(MEMORY, STALENESS, ALL))
                .flatMap(names -> names)
                .toList();
    }

    /**
     * Reads {@code COMMAND [--quick] [--only TEXT]}.
     *
     * @throws IllegalArgumentException with the value that is wrong
     */
    static Request of(List<String> arguments) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        if (!knows(command)) {
            throw new IllegalArgumentException(
                    "unknown command '" + command + "'; known: " + String.join(", ", commands()));
        }
        Effort effort = command.equals(SMOKE) ? Effort.SMOKE : Effort.FULL;
        String only = "";
        for (int i = 1; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--quick")) {
                effort = Effort.QUICK;
            } else if (argument.equals("--only") && i + 1 < arguments.size()) {
                only = arguments.get(++i);
            } else if (argument.equals("--only")) {
                throw new IllegalArgumentException("--only needs a text");
            } else {
                throw new IllegalArgumentException("unknown argument '" + argument + "'; known: --quick, --only TEXT");
            }
        }
        Request request = new Request(command, effort, only);
        if (!only.isEmpty() && request.rows().isEmpty()) {
            throw new IllegalArgumentException("no row of " + command + " holds '" + only + "'");
        }
        return request;
    }

    /** The rows; none where the command has no rows. */
    List<Row> rows() {
        if (command.equals(SMOKE)) {
            return Rows.smoke().stream().filter(row -> row.isNamed(only)).toList();
        }
        return Rows.all().stream()
                .filter(row -> command.equals(ALL) || command.equals(row.group().label()))
                .filter(row -> row.isNamed(only))
                .toList();
    }

    /** Whether the stores' memory is measured too. */
    boolean asksForMemory() {
        return isAbout(MEMORY, Group.LOCAL);
    }

    /** Whether it is measured too how soon the peers' writes are visible, and what a lost connection does. */
    boolean asksForStaleness() {
        return isAbout(STALENESS, Group.PEERS);
    }

    private boolean isAbout(String part, Group group) {
        return only.isEmpty() && List.of(part, group.label(), ALL).contains(command);
    }

    /** The folder of what the effort gives: only a full one may replace a full one. */
    Path folder(Path reports) {
        return effort == Effort.FULL ? reports : reports.resolve(effort.name().toLowerCase(Locale.ROOT));
    }

    /** The command line. */
    String line() {
        return Stream.of(
                        "bin/g2cache bench",
                        command,
                        effort == Effort.QUICK ? "--quick" : "",
                        only.isEmpty() ? "" : "--only '" + only + "'")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
