package io.g2cache.kafka.cli;

import io.g2cache.G2CacheException;
import io.g2cache.kafka.LogTopic;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands share: the connection, and the choice between text and JSON. */
abstract class LogSubcommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = "--json",
            description = "Print JSON: one document, or one object a line where records are printed one by one.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    LogSubcommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (LogTopic log = connection.connect(spec.commandLine(), session.time(), topicOptions())) {
            return run(log);
        } catch (G2CacheException | KafkaException e) {
            String message = String.valueOf(e.getMessage());
            String servers = connection.servers();
            throw new CliException(message.contains(servers) ? message : message + ", bootstrapServers=" + servers, e);
        }
    }

    /** What the topic must keep, and how it is created; the defaults where a command does not ask. */
    TopicOptions topicOptions() {
        return new TopicOptions();
    }

    /** Does the work and returns the status. */
    abstract int run(LogTopic log);

    final int done() {
        return ExitCode.OK;
    }

    final Session session() {
        return session;
    }

    final Connection connection() {
        return connection;
    }

    final PrintWriter out() {
        return session.out();
    }

    final boolean json() {
        return json;
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
