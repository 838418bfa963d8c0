package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates the topic, or verifies the one that exists. */
@Command(
        name = "create",
        description =
                "Creates the topic with the settings that the protocol needs. An existing one is verified, not changed.")
final class CreateCommand extends LogSubcommand {
    @Mixin
    private CreateOptions options = new CreateOptions();

    @Option(names = "--dry-run", description = "Only print the kafka-topics.sh command that would create it.")
    private boolean dryRun;

    CreateCommand(Session session) {
        super(session);
    }

    @Override
    TopicOptions topicOptions() {
        return options;
    }

    @Override
    int run(LogTopic log) {
        if (dryRun) {
            String command = log.createCommand();
            out().println(json() ? Json.document(Json.object().put("command", command)) : command);
            return done();
        }
        boolean created = log.create();
        int partitions = log.partitions();
        int replicas = log.replicas();
        options.requireCounts(log, partitions, replicas);
        if (json()) {
            out().println(Json.document(Json.object()
                    .put("topic", log.name())
                    .put("topicId", log.topicId())
                    .put("created", created)
                    .put("partitions", partitions)
                    .put("replicationFactor", replicas)));
        } else {
            out().println((created ? "created topic=" : "nothing to do, all settings are right: topic=") + log.name()
                    + ", partitions=" + partitions + ", replicationFactor=" + replicas);
        }
        return done();
    }
}
