package io.g2cache.kafka.cli;

import io.g2cache.kafka.KafkaSyncBuilder;
import io.g2cache.kafka.LogTopic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a topic is created. */
final class CreateOptions extends TopicOptions {
    @Option(names = "--partitions", paramLabel = "N", description = "Partition count; default: 12.")
    private @Nullable Integer partitions;

    @Option(names = "--replication-factor", paramLabel = "N", description = "Replicas; default: left to the brokers.")
    private @Nullable Integer replicationFactor;

    @Override
    void applyTo(KafkaSyncBuilder builder) {
        if (partitions != null) {
            builder.partitions(partitions);
        }
        if (replicationFactor != null) {
            builder.replicationFactor(replicationFactor);
        }
    }

    /** Refuses an existing topic that has not the counts that were asked for. */
    void requireCounts(LogTopic log, int actualPartitions, int actualReplicas) {
        require(log, "partitions", partitions, actualPartitions);
        require(log, "replicationFactor", replicationFactor, actualReplicas);
    }

    private static void require(LogTopic log, String what, @Nullable Integer wanted, int actual) {
        if (wanted != null && wanted != actual) {
            throw new CliException(
                    "topic=" + log.name() + " exists with " + what + "=" + actual + ", wanted=" + wanted);
        }
    }
}
