package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what the log consists of. */
@Command(
        name = "stats",
        description =
                "Reads the log to its end as of now, and counts by cache and kind: records, sizes, keys, and what is superseded"
                        + " by a newer record of the same key, so that compaction may remove it.")
final class StatsCommand extends ScanSubcommand {
    private static final int MOST_KEYS = 200_000_000;
    private static final int MOST_MINUTES = 1_440;

    @Option(
            names = "--key-limit",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "How many keys are told apart, at up to 43 bytes each; default: ${DEFAULT-VALUE}.")
    private int keyLimit = 5_000_000;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "So many minutes up to now are counted one by one; default: ${DEFAULT-VALUE}.")
    private int minutes = 10;

    StatsCommand(Session session) {
        super(session);
    }

    @Override
    int run(LogTopic log) {
        requireRange("--key-limit", keyLimit, MOST_KEYS);
        requireRange("--minutes", minutes, MOST_MINUTES);
        LogStatistics statistics =
                new LogStatistics(keyLimit, minutes, session().time().wallMillis());
        scan(log, statistics::add);
        KeyFormat keys = filters().keyFormat();
        if (json()) {
            out().println(Json.document(StatsJson.of(log.name(), statistics, keys)));
        } else {
            new StatsText(out(), keys).print(statistics);
        }
        return done();
    }

    private void requireRange(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw wrong(option + "=" + value + " must be 1 to " + most);
        }
    }
}
