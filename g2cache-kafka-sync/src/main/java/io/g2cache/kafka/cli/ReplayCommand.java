package io.g2cache.kafka.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.g2cache.kafka.LogTopic;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads as a starting node would, and applies nothing. */
@Command(
        name = "replay",
        description =
                "Reads and decodes the log to its end as of now, as fast as it can, and sums up. A dry run: nothing is applied"
                        + " to any tier, nothing is written to the log.")
final class ReplayCommand extends ScanSubcommand {
    @Option(
            names = "--to-file",
            paramLabel = "FILE",
            description = "Also write each record to this new file, one JSON object a line.")
    private @Nullable Path file;

    @Option(names = "--values", description = "With --to-file: values too.")
    private boolean values;

    ReplayCommand(Session session) {
        super(session);
    }

    @Override
    int run(LogTopic log) {
        if (values && file == null) {
            throw wrong("--values needs --to-file");
        }
        Tally tally = new Tally();
        Path target = file;
        Duration taken = target == null
                ? scan(log, (found, fields) -> tally.add(fields, found.bytes(), found.timeMillis()))
                : dump(log, target, tally);
        if (json()) {
            out().println(Json.document(summary(log, tally, taken)));
        } else {
            print(tally, taken);
        }
        return done();
    }

    private Duration dump(LogTopic log, Path target, Tally tally) {
        RecordJson lines = new RecordJson(filters().keyFormat(), values);
        try (BufferedWriter writer = Files.newBufferedWriter(target, StandardOpenOption.CREATE_NEW)) {
            return scan(log, (found, fields) -> {
                tally.add(fields, found.bytes(), found.timeMillis());
                try {
                    writer.write(lines.line(found, fields));
                    writer.newLine();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (FileAlreadyExistsException e) {
            throw new CliException("--to-file=" + target + " exists already", e);
        } catch (IOException | UncheckedIOException e) {
            throw new CliException("--to-file=" + target + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static double rate(Tally tally, Duration taken) {
        return tally.records() / Math.max(1e-9, taken.toNanos() / 1e9);
    }

    private void print(Tally tally, Duration taken) {
        TextTable table = new TextTable("cache", "kind", "records", "size");
        for (Tally.Group group : tally.sorted()) {
            table.row(
                    Text.printable(group.cache()),
                    group.kind(),
                    Text.number(group.records()),
                    Text.bytes(group.bytes()));
        }
        table.print(out());
        out().println(String.format(
                Locale.ROOT,
                "read %s records, %s, in %.1f s: %s/s; unreadable: %s. A dry run: nothing was applied.",
                Text.number(tally.records()),
                Text.bytes(tally.bytes()),
                taken.toNanos() / 1e9,
                Text.number(Math.round(rate(tally, taken))),
                Text.number(tally.unreadable())));
        if (file != null) {
            out().println("written to " + file);
        }
    }

    private ObjectNode summary(LogTopic log, Tally tally, Duration taken) {
        ObjectNode json = Json.object().put("topic", log.name()).put("dryRun", true);
        json.put("records", tally.records()).put("bytes", tally.bytes()).put("unreadable", tally.unreadable());
        json.put("seconds", taken.toNanos() / 1e9).put("recordsPerSecond", rate(tally, taken));
        ArrayNode groups = json.putArray("groups");
        for (Tally.Group group : tally.sorted()) {
            groups.addObject()
                    .put("cache", group.cache())
                    .put("kind", group.kind())
                    .put("records", group.records())
                    .put("bytes", group.bytes());
        }
        if (file != null) {
            json.put("file", file.toString());
        }
        return json;
    }
}
