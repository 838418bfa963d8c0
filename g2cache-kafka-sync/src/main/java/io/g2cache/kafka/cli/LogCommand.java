package io.g2cache.kafka.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the commands. */
@Command(
        name = "log",
        description = "Looks at the log of a g2cache deployment, from outside: no node is started, no group joined.",
        synopsisSubcommandLabel = "create|describe|tail|replay|stats",
        footer = "Status: 0 done, 1 failed, 2 wrong arguments, 130 interrupted.")
final class LogCommand implements Runnable {
    private static final String NAME = "g2cache log";
    private static final Logger LOG = LoggerFactory.getLogger(LogCommand.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed: " + names());
    }

    private String names() {
        return String.join(", ", spec.subcommands().keySet());
    }

    /** Runs one command to its end and returns the status of the process. Throws nothing. */
    static int run(Session session, String... args) {
        CommandLine line = new CommandLine(new LogCommand());
        line.setCommandName(NAME);
        for (LogSubcommand command : List.of(
                new CreateCommand(session),
                new DescribeCommand(session),
                new TailCommand(session),
                new ReplayCommand(session),
                new StatsCommand(session))) {
            line.addSubcommand(command);
        }
        line.getSubcommands().values().forEach(LogCommand::explain);
        return execute(line, session, args);
    }

    /** Runs a command that is set up. Throws nothing. */
    static int execute(CommandLine line, Session session, String... args) {
        explain(line);
        line.registerConverter(Duration.class, Times::duration)
                .registerConverter(TimePoint.class, Times::timePoint)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(session.out())
                .setErr(session.err())
                .setParameterExceptionHandler((e, ignored) -> refuse(session.err(), e))
                .setExecutionExceptionHandler((e, failed, ignored) -> fail(session.err(), failed, e));
        int status = line.execute(args);
        session.out().flush();
        session.err().flush();
        return status;
    }

    private static void explain(CommandLine command) {
        command.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
    }

    private static int refuse(PrintWriter err, ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println(name + ": " + e.getMessage() + " (see '" + name + " --help')");
        return ExitCode.USAGE;
    }

    private static int fail(PrintWriter err, CommandLine failed, Exception e) {
        LOG.debug("the command failed", e);
        err.println(failed.getCommandSpec().qualifiedName() + ": "
                + (e instanceof CliException ? e.getMessage() : "unexpected " + e));
        return ExitCode.SOFTWARE;
    }
}
