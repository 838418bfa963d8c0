package io.g2cache.kafka.cli;

import picocli.CommandLine.Option;

/** The same on every command. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean asked; // read by picocli only
}
