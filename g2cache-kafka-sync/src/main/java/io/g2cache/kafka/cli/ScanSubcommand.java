package io.g2cache.kafka.cli;

import io.g2cache.kafka.LogRecord;
import io.g2cache.kafka.LogTopic;
import java.time.Duration;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that reads the log from an earlier point to its end as of now. */
abstract class ScanSubcommand extends LogSubcommand {
    @Mixin
    private RangeOptions range = new RangeOptions();

    @Mixin
    private FilterOptions filters = new FilterOptions();

    @Option(names = "--progress", description = "Draw a progress bar although standard error is no terminal.")
    private boolean progress;

    ScanSubcommand(Session session) {
        super(session);
    }

    /**
     * Hands over the records that pass the filters, and returns how long reading took; throws where it was told to stop before
     * it was done.
     */
    final Duration scan(LogTopic log, TakesFields taker) {
        RecordFilter filter = filters.filter(this);
        log.requireLog();
        long now = session().time().wallMillis();
        Reading reading = new Reading(
                log, session(), connection().timeout(), range.from(log, now, false), range.untilMillis(now), false);
        Predicate<LogRecord> wanted = found -> {
            EventFields fields = EventFields.of(found);
            if (filter.wants(fields)) {
                taker.take(found, fields);
            }
            return true;
        };
        long started = session().time().monotonicNanos();
        if (progress || session().terminal()) {
            ProgressLine line = new ProgressLine(session().err(), session().time(), reading.total());
            reading.run(wanted, line::show);
            line.end(reading.total());
        } else {
            reading.run(wanted, done -> {});
        }
        if (session().stop().requested()) {
            throw new CliException("interrupted before the end was reached");
        }
        return Duration.ofNanos(session().time().monotonicNanos() - started);
    }

    final FilterOptions filters() {
        return filters;
    }

    /** Takes a record with its parts. */
    interface TakesFields {
        void take(LogRecord found, EventFields fields);
    }
}
