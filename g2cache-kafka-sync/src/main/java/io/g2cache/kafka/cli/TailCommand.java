package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogRecord;
import io.g2cache.kafka.LogTopic;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints records as they are appended. */
@Command(
        name = "tail",
        description =
                "Prints the records of the log, from now on or from an earlier point, until Ctrl-C or a chosen end.")
final class TailCommand extends LogSubcommand {
    @Mixin
    private RangeOptions range = new RangeOptions();

    @Mixin
    private FilterOptions filters = new FilterOptions();

    @Option(names = "--values", description = "Print values too: as text where their codec writes text or numbers.")
    private boolean values;

    @Option(names = "--max", paramLabel = "N", description = "End after N records that pass the filters.")
    private @Nullable Long max;

    @Option(
            names = "--no-follow",
            negatable = true,
            description = "End at the log's end as of now, instead of waiting for more.")
    private boolean noFollow;

    private long printed;

    TailCommand(Session session) {
        super(session);
    }

    @Override
    int run(LogTopic log) {
        if (max != null && max < 1) {
            throw wrong("--max=" + max + " must be at least 1");
        }
        RecordFilter filter = filters.filter(this);
        log.requireLog();
        long now = session().time().wallMillis();
        Map<Integer, Long> from = range.from(log, now, true);
        Reading reading = new Reading(log, session(), connection().timeout(), from, range.untilMillis(now), !noFollow);
        RecordText text = new RecordText(filters.keyFormat(), values);
        RecordJson lines = new RecordJson(filters.keyFormat(), values);
        reading.run(found -> print(found, filter, text, lines), done -> {
            if (out().checkError()) {
                session().stop().request();
            }
        });
        return done();
    }

    private boolean print(LogRecord found, RecordFilter filter, RecordText text, RecordJson lines) {
        EventFields fields = EventFields.of(found);
        if (filter.wants(fields)) {
            out().println(
                            json()
                                    ? lines.line(found, fields)
                                    : text.line(found, fields, session().time().wallMillis()));
            printed++;
        }
        return max == null || printed < max;
    }
}
