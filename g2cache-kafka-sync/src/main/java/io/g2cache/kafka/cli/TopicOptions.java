package io.g2cache.kafka.cli;

import io.g2cache.kafka.KafkaSyncBuilder;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What the nodes of the deployment are built with, from which follows what their topic must keep. */
class TopicOptions {
    @Option(
            names = "--maximum-lifetime",
            paramLabel = "DURATION",
            defaultValue = "7d",
            description = "maximumLifetime of the nodes; default: ${DEFAULT-VALUE}.")
    private Duration maximumLifetime = Duration.ofDays(7);

    @Option(
            names = "--fence-window",
            paramLabel = "DURATION",
            defaultValue = "60s",
            description = "fenceWindow of the nodes; default: ${DEFAULT-VALUE}.")
    private Duration fenceWindow = Duration.ofSeconds(60);

    @Option(
            names = "--max-event-bytes",
            paramLabel = "BYTES",
            defaultValue = "2097152",
            description = "maximumEventBytes of the nodes; default: ${DEFAULT-VALUE}.")
    private int maximumEventBytes = 2 << 20;

    final Duration maximumLifetime() {
        return maximumLifetime;
    }

    final Duration fenceWindow() {
        return fenceWindow;
    }

    final int maximumEventBytes() {
        return maximumEventBytes;
    }

    /** Sets what else there is; nothing here. */
    void applyTo(KafkaSyncBuilder builder) {}
}
