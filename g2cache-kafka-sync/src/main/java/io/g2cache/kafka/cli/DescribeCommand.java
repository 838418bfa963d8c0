package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogTopic;
import io.g2cache.kafka.TopicReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** Shows the topic, its settings and how far the materialisers are. */
@Command(
        name = "describe",
        description = {
            "Shows the topic, whether each setting is as needed, offsets, leaders, sizes, and the materialisers' lag.",
            "Fails (status 1) where a setting is not as needed."
        })
final class DescribeCommand extends LogSubcommand {
    @Mixin
    private TopicOptions options = new TopicOptions();

    DescribeCommand(Session session) {
        super(session);
    }

    @Override
    TopicOptions topicOptions() {
        return options;
    }

    @Override
    int run(LogTopic log) {
        log.requireLog();
        TopicReport report = log.report();
        if (json()) {
            out().println(Json.document(ReportJson.of(report)));
        } else {
            new ReportText(out()).print(report);
        }
        return report.repair() == null ? done() : ExitCode.SOFTWARE;
    }
}
