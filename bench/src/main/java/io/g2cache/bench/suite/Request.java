package io.g2cache.bench.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a command line of the suite asks for.
 *
 * @param groups what is to be run or shown
 * @param effort how much time every row gets
 * @param only text that the names of rows must hold; empty for all
 */
record Request(List<Group> groups, Effort effort, String only) {
    private static final String ALL = "all";

    Request {
        groups = List.copyOf(groups);
    }

    /** Whether the suite knows a command. */
    static boolean knows(String command) {
        return command.equals(ALL)
                || Arrays.stream(Group.values()).anyMatch(group -> group.label().equals(command));
    }

    /**
     * Reads {@code GROUP [--quick] [--only TEXT]}.
     *
     * @throws IllegalArgumentException with the value that is wrong
     */
    static Request of(List<String> arguments) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        if (!knows(command)) {
            throw new IllegalArgumentException("unknown group '" + command + "'; known: " + names());
        }
        Effort effort = Effort.FULL;
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
        List<Group> groups = new ArrayList<>(List.of(Group.values()));
        groups.removeIf(group -> !command.equals(ALL) && !group.label().equals(command));
        return new Request(groups, effort, only);
    }

    /**
     * The rows.
     *
     * @throws IllegalArgumentException if there is none
     */
    List<Row> rows() {
        List<Row> rows = Rows.of(groups, only);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no row of " + labels() + " holds '" + only + "'");
        }
        return rows;
    }

    private String labels() {
        return groups.stream().map(Group::label).collect(Collectors.joining(", "));
    }

    private static String names() {
        return Arrays.stream(Group.values()).map(Group::label).collect(Collectors.joining(", ")) + ", " + ALL;
    }
}
